"""Watch what an attack leaves running: every orphan comes to this process, which can tell all its descendants."""

import contextlib
import os
import signal
import time
from pathlib import Path

import psutil

from helpers.grading.answering.fork_server import ForkServer

PATIENCE_S = 120.0  # removing thousands of files takes a busy machine a while; what was left on purpose stays longer


def list_descendants(*, reaped_by: int) -> dict[int, str]:
    """Return process -> program of everything that descends from this process and still runs.

    Left out are dead children that `reaped_by`, or a process of its own, has only not noticed yet.
    """
    names, reapers = {}, {reaped_by}
    with contextlib.suppress(psutil.NoSuchProcess):
        reapers |= {process.pid for process in psutil.Process(reaped_by).children()}
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess), process.oneshot():
            if not (process.status() == psutil.STATUS_ZOMBIE and process.ppid() in reapers):
                names[process.pid] = process.name()
    return names


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
