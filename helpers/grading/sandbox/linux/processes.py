"""List and kill the processes of a sandbox, from its supervisor."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


class NamespaceProcesses:
    """All processes of this process's own PID namespace but itself, which is number 1 there."""

    def list(self) -> list[int]:
        """Return the process numbers."""
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]

    def kill(self) -> None:
        """Kill them all at once: the kernel lets no fork slip through."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)


class Descendants:
    """All processes that this process has started, and theirs; orphans come to it (PR_SET_CHILD_SUBREAPER)."""

    def list(self) -> list[int]:
        """Return the process numbers, parents before children."""
        found, waiting = [], [os.getpid()]
        while waiting:
            children = _list_children(waiting.pop())
            found += children
            waiting += children
        return found

    def kill(self) -> None:
        """Kill those that are there now, one after the other."""
        for process in self.list():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


class GroupedDescendants(Descendants):
    """Descendants that cannot leave the process group of the first one, since setsid and setpgid are refused.

    A group is killed at once: no fork slips through, where processes that fork and end at once would outrun a list.
    """

    def __init__(self, first: int) -> None:
        """`first` is the process that leads the group."""
        self._group = first

    def kill(self) -> None:
        """Kill them all at once. As long as one is left, even as a zombie, its group's number is nobody else's."""
        with contextlib.suppress(ProcessLookupError):
            if self.list():
                os.killpg(self._group, signal.SIGKILL)


def kill_all(processes: NamespaceProcesses | Descendants, reap_all: Callable[[], bool]) -> None:
    """Kill everything and wait until nothing is left.

    `reap_all` takes leave of children that have ended and returns whether there are more. What a child has
    started becomes a child of this process when its parent ends, so that no child is nobody at all.
    """
    while reap_all():
        processes.kill()
        time.sleep(0.002)


def reap(report: Callable[[int, int], None] = lambda process, status: None) -> bool:
    """Take leave of all children that have ended, `report` (process, wait status); return whether there are more."""
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if not process:
            return True
        report(process, status)


def check_listing() -> None:
    """Raise OSError on a kernel that does not tell a process's children: nothing could be watched or ended there."""
    os.stat(f"/proc/self/task/{os.getpid()}/children")


def _list_children(process: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError):
                children += map(int, Path(f"/proc/{process}/task/{task}/children").read_text(encoding="ascii").split())
    return children
