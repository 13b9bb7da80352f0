"""Watch what an attack leaves running: every orphan comes to this process, which can tell all its descendants."""

import contextlib
import ctypes
import os
import signal
import time
from pathlib import Path

from helpers.grading.kernels.forkserver import ForkServer

PR_SET_CHILD_SUBREAPER = 36
PATIENCE_S = 30.0  # removing thousands of files takes a busy machine a while; what was left on purpose stays longer


def adopt_orphans() -> None:
    """Become the parent of every orphan among this process's descendants."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def list_descendants(*, reaped_by: int) -> dict[int, str]:
    """Return process -> program of everything that descends from this process and still runs.

    Left out are this process's other threads and dead children that `reaped_by` has only not noticed yet.
    """
    parents, names = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                head, _, fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
                state, parent = fields.split()[:2]
                if not (state == "Z" and int(parent) == reaped_by):
                    parents[int(folder.name)], names[int(folder.name)] = int(parent), head.partition("(")[2]
    found = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return {process: names[process] for process in found - {os.getpid()}}


def find_left_processes(known: set[int], *, reaped_by: int) -> dict[int, str]:
    """Return the descendants that are not `known`, after a moment for those that are just ending."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = list_descendants(reaped_by=reaped_by)
        left = {process: name for process, name in found.items() if process not in known}
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.01)


def end_processes(processes: dict[int, str]) -> None:
    """Kill and reap what was left, so that the next attack starts clean."""
    for process in processes:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(process, 0)


def list_shared_memory() -> set[str]:
    """Return the machine's System V shared memory, semaphores and message queues: nobody frees them."""
    lines = set()
    for name in ("shm", "sem", "msg"):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/sysvipc/{name}").read_text(encoding="ascii")
            lines |= {f"{name} {' '.join(line.split()[:2])}" for line in text.splitlines()[1:]}
    return lines


def find_number(server: ForkServer) -> int:
    """Return the fork server's process number."""
    return server.process.pid
