"""The sides of the comparison, each in processes of its own: the one-by-one loop, and the app.

Both get the same number of cores and the same memory settings. The clock runs from the first path handed over to
the last answer received; starting and compiling come before and are told apart.
"""

import importlib
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import torch

from helpers import models
from helpers.grading.notebooks.paths import SOLUTIONS

FOLDER_APP = SOLUTIONS / "folder_app"
TOP_K = 5  # answers for each photo, on both sides
_SLEEPING = {"OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class AppRun:
    """One pass over the photos: its seconds, the best class of each photo (-1: none), and, summed over the
    workers, the seconds for reading photos and for the model (0 where they are not known).
    """

    seconds: float
    top1: tuple[int, ...]
    reading_s: float = 0.0
    model_s: float = 0.0


class LoopSide:
    """The loop of one_by_one.py, in one process with `threads` threads.

    tuned_memory: whether the process starts with the memory settings of the app's workers. sleeping: whether
    threads sleep while they wait for others, which is better on a busy computer and worse on an idle one.
    """

    def __init__(
        self, model: str, *, weights: str | None, threads: int, tuned_memory: bool = True, sleeping: bool = False
    ) -> None:
        start = time.perf_counter()
        workers = import_solution("worker_process")
        environment = {**(workers.MEMORY_SETTINGS if tuned_memory else {}), **(_SLEEPING if sleeping else {})}
        self._pool = ProcessPoolExecutor(1, get_context("spawn"))
        with workers.added_to_environment(environment):
            load = self._pool.submit(_load_classifier, model, weights, threads)
        load.result()
        self.start_s, self.compile_s = time.perf_counter() - start, 0.0

    def run(self, paths: Sequence[Path]) -> AppRun:
        """Classify the photos once."""
        start = time.perf_counter()
        top1 = self._pool.submit(_classify_one_by_one, paths).result()
        return AppRun(time.perf_counter() - start, top1)

    def close(self) -> None:
        """End the process."""
        self._pool.shutdown(cancel_futures=True)


class AppSide:
    """The engine of classify_folder.py, with one worker a core and one thread a worker."""

    def __init__(self, model: str, *, weights: str | None, cores: int, compile: bool) -> None:
        start = time.perf_counter()
        settings = import_solution("batch_predictor").Settings(
            model, weights=weights, compile=compile, workers=cores, top_k=TOP_K
        )
        self._engine = import_solution("folder_engine").ProcessEngine(settings, threads=1)
        self.compile_s = self._engine.compile_s
        self.start_s = time.perf_counter() - start - self.compile_s

    def run(self, paths: Sequence[Path]) -> AppRun:
        """Classify the photos once."""
        start = time.perf_counter()
        batches = list(self._engine.classify(paths))
        seconds = time.perf_counter() - start
        answers = [answer for batch in batches for answer in batch.answers]
        return AppRun(
            seconds,
            tuple(answer.predictions[0]["class_id"] if answer.predictions else -1 for answer in answers),
            reading_s=sum(batch.reading_s for batch in batches),
            model_s=sum(batch.model_s for batch in batches),
        )

    def close(self) -> None:
        """End the workers."""
        self._engine.close()


def import_solution(name: str) -> ModuleType:
    """Import a module of the folder app."""
    if str(FOLDER_APP) not in sys.path:
        sys.path.append(str(FOLDER_APP))
    return importlib.import_module(name)


# ---- In the loop's process ----

_classifier: models.Classifier | None = None


def _load_classifier(model: str, weights: str | None, threads: int) -> None:
    global _classifier
    torch.set_num_threads(threads)
    _classifier = models.load_classifier(model, weights=weights)


def _classify_one_by_one(paths: Sequence[Path]) -> tuple[int, ...]:
    answers = import_solution("one_by_one").classify_one_by_one(paths, _classifier, top_k=TOP_K)
    return tuple(answer[0][0] for answer in answers)
