"""What tests share that grade with the command's own functions: a fork server, and this process as the only worker.

Each run would start both anew, for 10 CPU-s. Its report has no figures unless they are asked for: they would take
another second.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from functools import partial

import pytest

from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.report import write as report
from helpers.grading.whole_class import grade_class, prepared_process, workers


class InThisProcess(Executor):
    """Grades in the process that asks, at once: no worker has to import torch."""

    def __init__(self, settings: workers.GradingSettings) -> None:
        before = signal.getsignal(signal.SIGINT)
        workers.start_worker(settings)
        signal.signal(signal.SIGINT, before)

    def submit(self, function: Callable, /, *args, **kwargs) -> Future:
        future = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def share_server(server: ForkServer, *, figures: bool = False) -> Iterator[None]:
    """While this lasts, every run in this process uses that server, and no workers; its report may have figures."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in HEADLESS_ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setitem(workers._worker, "server", server)
        patch.setattr(prepared_process, "open_server", lambda settings: contextlib.nullcontext())
        patch.setattr(grade_class, "grade_apart", partial(prepared_process.grade_prepared, make_executor=InThisProcess))
        for name in () if figures else ("draw_points", "draw_exercises", "draw_times"):
            patch.setattr(report, name, lambda *_: "")
        yield
