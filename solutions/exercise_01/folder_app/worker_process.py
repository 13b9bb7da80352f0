"""A process that classifies for another one: how it starts, and the little that it is asked for."""

import contextlib
import logging
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch
from batch_predictor import BatchAnswer, BatchPredictor, Settings

# Keep freed memory for the next batch, in place of giving it back to the system and fetching it anew, page by page.
# glibc, the C library of most Linux systems, reads these when a process starts; elsewhere they do nothing.
MEMORY_SETTINGS = {
    "MALLOC_TRIM_THRESHOLD_": "2147483648",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_MMAP_MAX_": "0",
}


def start_worker(threads: int) -> ProcessPoolExecutor:
    """Start one process with `threads` torch threads; it takes load_here and classify_here as tasks."""
    worker = ProcessPoolExecutor(1, get_context("spawn"), initializer=_set_up_process, initargs=(threads,))
    with added_to_environment(MEMORY_SETTINGS):
        worker.submit(os.getpid)  # the first task starts the process
    return worker


@contextlib.contextmanager
def added_to_environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Let processes that start in this context have these environment variables, unless the user has set them."""
    added = {name: value for name, value in settings.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _set_up_process(threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which then stops the workers
    logging.disable(logging.WARNING)  # torch's remarks while it compiles
    torch.set_num_threads(threads)


_predictor: BatchPredictor | None = None


def load_here(settings: Settings) -> float:
    """Load the model into this process; return the seconds that torch.compile took."""
    global _predictor
    _predictor = BatchPredictor(settings)
    return _predictor.compile_s


def classify_here(paths: Sequence[Path]) -> BatchAnswer:
    """Classify a batch with the model that was loaded."""
    return _predictor.classify(paths)
