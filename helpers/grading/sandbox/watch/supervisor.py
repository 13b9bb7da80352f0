"""The process that watches over a sandbox: takes the judge's commands, reports, and leaves nothing running."""

import contextlib
import json
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable

from helpers.grading.sandbox.linux import kernel
from helpers.grading.sandbox.linux.priority import PriorityWatch
from helpers.grading.sandbox.linux.processes import Descendants, NamespaceProcesses, kill_all, reap
from helpers.grading.sandbox.settings import SandboxLimits
from helpers.grading.sandbox.watch.usage import MemoryWatch, Paced

TICK_MS = 200
MAX_COMMAND_BYTES = 10_000


def send_event(control: socket.socket, event: str, **details) -> None:
    """Tell the judge something, as a line of JSON; a judge that has gone is no error."""
    with contextlib.suppress(OSError):
        control.sendall(json.dumps({"event": event, **details}).encode() + b"\n")


class Supervisor:
    """Serves one sandbox, whose first process is `main`.

    `watches` return the name of a limit that has been exceeded, or None; `is_wanted` whether the process that
    asked for the sandbox is still there.
    """

    def __init__(
        self,
        main: int,
        *,
        control: socket.socket,
        processes: NamespaceProcesses | Descendants,
        limits: SandboxLimits,
        watches: tuple[Callable[[], str | None], ...] = (),
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._main: int | None = main
        self._control, self._processes, self._is_wanted = control, processes, is_wanted
        self._limits, self._memory = limits, MemoryWatch(limits, processes.list)
        priorities = Paced(PriorityWatch(processes.list), share=0.05)
        self._watches: tuple[Callable[[], str | None], ...] = (self._count, self._memory, priorities, *watches)
        self._received = b""

    def serve(self) -> None:
        """Watch until the judge says "end" or has gone, then kill everything and report what was used."""
        try:
            self._watch()
        finally:
            kill_all(self._processes, self._reap)
        self._control.setblocking(True)
        self._report_usage()

    def _watch(self) -> None:
        self._control.setblocking(False)
        poll, watched = select.poll(), self._watch_main()
        poll.register(self._control, select.POLLIN)
        if watched is not None:
            poll.register(watched, select.POLLIN)
        next_look_s = 0.0
        while self._is_wanted() and self._obey():
            poll.poll(TICK_MS)
            self._reap()
            if self._main is None and watched is not None:
                poll.unregister(watched)
                os.close(watched)
                watched = None
            if time.monotonic() >= next_look_s:
                self._enforce()
                next_look_s = time.monotonic() + TICK_MS / 1000

    def _watch_main(self) -> int | None:
        try:
            return kernel.call("pidfd_open", self._main, 0)  # Python may have been built without its own
        except OSError:
            return None  # before Linux 5.3: its end is then noticed at the next tick

    def _obey(self) -> bool:
        """Carry out the commands that have come; return False at the last one."""
        try:
            while data := self._control.recv(4096):
                self._received += data
                *lines, self._received = self._received.split(b"\n")
                if len(self._received) > MAX_COMMAND_BYTES or not all(map(self._carry_out, lines)):
                    return False
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _carry_out(self, line: bytes) -> bool:
        try:
            command = json.loads(line)["do"]
        except (ValueError, TypeError, KeyError):
            return True
        number = {"interrupt": signal.SIGINT, "kill": signal.SIGKILL}.get(command)
        if number is not None and self._main is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._main, number)  # not reaped yet, so the number is still its own
        return command != "end"

    def _reap(self) -> bool:
        return reap(self._note_end)

    def _note_end(self, process: int, status: int) -> None:
        if process == self._main:
            self._main = None
            send_event(self._control, "exited", status=status)

    def _count(self) -> str | None:
        return "processes" if len(self._processes.list()) > self._limits.processes else None

    def _enforce(self) -> None:
        for watch in self._watches:
            exceeded = watch()
            if exceeded:
                send_event(self._control, "limit", what=exceeded)
                self._processes.kill()
                return

    def _report_usage(self) -> None:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak_mb = max(used.ru_maxrss / 1024, self._memory.peak_bytes / (1 << 20))
        send_event(self._control, "usage", cpu_s=round(used.ru_utime + used.ru_stime, 3), peak_mb=round(peak_mb, 1))
