"""Classify many photos: on a processor with a model in each of several processes, on a graphics card with one model.

On a processor every worker process reads its own photos and runs its own model on its share of the cores: one reads
while another computes, and none waits for another. A graphics card has one model, in this process, and threads that
read the next photos while it computes.
"""

import os
import queue
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from batch_predictor import BatchAnswer, BatchPredictor, Settings
from worker_process import classify_here, load_here, start_worker


def open_engine(settings: Settings) -> "ThreadEngine | ProcessEngine":
    """Load the model as the settings ask, ready to classify; close what comes, or use it in a `with` statement.

    EngineError when the settings do not work here; the errors of models.load_classifier come out as they are.
    """
    if settings.device == "cpu" and settings.workers > 1:
        return ProcessEngine(settings, threads=max(1, count_cores() // settings.workers))
    return ThreadEngine(settings)


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Engine:
    """What both engines share; `compile_s` are the seconds that torch.compile took in all."""

    compile_s: float

    def classify(self, paths: Sequence[Path]) -> Iterator[BatchAnswer]:
        """Yield the answers batch by batch, in the order of `paths`."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop the workers."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class ThreadEngine(_Engine):
    """One model in this process; threads read the next batches while it computes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._predictor = BatchPredictor(settings)
        self._readers = ThreadPoolExecutor(settings.workers)
        self.compile_s = self._predictor.compile_s

    def classify(self, paths: Sequence[Path]) -> Iterator[BatchAnswer]:
        batches = _split(paths, self._settings.batch_size)
        yield from map(
            self._predictor.predict,
            _run_ahead(self._readers, self._predictor.read, batches, ahead=self._settings.workers + 1),
        )

    def close(self) -> None:
        self._readers.shutdown(cancel_futures=True)


class ProcessEngine(_Engine):
    """Worker processes, each with a model and `threads` threads for it."""

    def __init__(self, settings: Settings, *, threads: int) -> None:
        self._settings = settings
        self._workers = [start_worker(threads) for _ in range(settings.workers)]
        self._callers = ThreadPoolExecutor(settings.workers)
        self._idle: queue.SimpleQueue[ProcessPoolExecutor] = queue.SimpleQueue()
        try:
            self.compile_s = self._load_models()
        except BaseException:
            self.close()
            raise

    def classify(self, paths: Sequence[Path]) -> Iterator[BatchAnswer]:
        batches = _split(paths, self._settings.batch_size)
        yield from _run_ahead(self._callers, self._classify_batch, batches, ahead=2 * len(self._workers))

    def close(self) -> None:
        for pool in (self._callers, *self._workers):
            pool.shutdown(cancel_futures=True)

    def _load_models(self) -> float:
        first, *others = self._workers
        compile_s = first.submit(load_here, self._settings).result()  # the others find compiled code in a cache
        loads = [worker.submit(load_here, self._settings) for worker in others]
        for worker in self._workers:
            self._idle.put(worker)
        return compile_s + max((load.result() for load in loads), default=0.0)

    def _classify_batch(self, paths: Sequence[Path]) -> BatchAnswer:
        worker = self._idle.get()
        try:
            return worker.submit(classify_here, paths).result()
        finally:
            self._idle.put(worker)


def _split(paths: Sequence[Path], size: int) -> list[Sequence[Path]]:
    return [paths[start : start + size] for start in range(0, len(paths), size)]


def _run_ahead(executor: Executor, function: Callable, items: Sequence, *, ahead: int) -> Iterator:
    """Yield function(item) in order, with no more than `ahead` items at work or waiting to be fetched."""
    started = deque()
    for item in items:
        started.append(executor.submit(function, item))
        if len(started) > ahead:
            yield started.popleft().result()
    while started:
        yield started.popleft().result()
