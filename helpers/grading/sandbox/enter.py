"""Run a function in a sandbox: the entry for the process that forks notebooks.

The caller is a child that was forked for this and has called setsid. It must have been started with a clean
environment: nothing here decides which variables may be seen.
"""

import importlib
import os
import socket
from collections.abc import Callable
from typing import NoReturn

from helpers.grading.sandbox.settings import BACKENDS, SandboxError, SandboxLimits, View

__all__ = ["BACKENDS", "SandboxError", "SandboxLimits", "View", "run_confined"]


def run_confined(
    run: Callable[[], None],
    *,
    backend: str,
    view: View,
    limits: SandboxLimits,
    control: socket.socket,
    keep: tuple[int, ...] = (),
    landlock_version: int | None = None,
) -> NoReturn:
    """Call `run` in a confined process and supervise it until the other side of `control` says so; never returns.

    Only the descriptors in `keep` reach `run`; `control` stays with the supervisor. Lines of JSON on `control`:
    from the judge {"do": "interrupt" | "kill" | "end"}; to the judge {"event": "exited", "status"}, {"event":
    "limit", "what"}, {"event": "failed", "why"} when the sandbox could not be set up, and last {"event": "usage",
    "cpu_s", "peak_mb"}. The end of `control` is the same as "end". `landlock_version` uses an older interface.
    """
    from helpers.grading.sandbox.backends.request import Request
    from helpers.grading.sandbox.linux.descriptors import close_others, reset_signals

    request = Request(run, view, limits, control, keep, os.getppid(), landlock_version)
    status = 1
    try:
        close_others({control.fileno(), *keep})
        reset_signals(as_python=False)
        module = importlib.import_module(f"helpers.grading.sandbox.backends.{backend}")
        request.report_failure(lambda: module.run(request))
        status = 0
    finally:
        os._exit(status)
