"""What tests share that grade with the command's own functions: a fork server, and this process as the only worker.

Each run would start both anew, for 12 CPU-s.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path

import pytest
from direct_grading import start_server

from helpers.grading import engine, run_class
from helpers.grading.notebooks import HEADLESS_ENVIRONMENT


class InThisProcess(Executor):
    """Grades in the process that asks, at once: no worker has to import torch."""

    def __init__(self, settings: engine.Settings) -> None:
        before = signal.getsignal(signal.SIGINT)
        engine.start_worker(settings)
        signal.signal(signal.SIGINT, before)

    def submit(self, function: Callable, /, *args, **kwargs) -> Future:
        future = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def share_server(folder: Path) -> Iterator[None]:
    """While this lasts, every run in this process uses the same server, which lives below `folder`, and no workers."""
    with contextlib.closing(start_server(folder)) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in HEADLESS_ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setattr(run_class, "_start_server", lambda runtime, backend: contextlib.nullcontext(server))
        patch.setattr(run_class, "grade_all", partial(engine.grade_all, make_executor=InThisProcess))
        yield
