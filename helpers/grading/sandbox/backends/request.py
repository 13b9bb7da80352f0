"""What one sandbox is asked to do, as the backends get it."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from helpers.grading.sandbox.settings import SandboxLimits, View
from helpers.grading.sandbox.watch.supervisor import send_event


@dataclass(frozen=True)
class Request:
    """One call of run_confined; `parent` is the process that forked the caller."""

    run: Callable[[], None]
    view: View
    limits: SandboxLimits
    control: socket.socket
    keep: tuple[int, ...]
    parent: int
    landlock_version: int | None = None

    def report_failure(self, work: Callable[[], None]) -> None:
        """Do some of the set-up; tell the judge if it fails, and end this process."""
        try:
            work()
        except BaseException as error:
            send_event(self.control, "failed", why=f"{type(error).__name__}: {error}")
            os._exit(70)
