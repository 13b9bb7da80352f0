"""See to it that the processes of one sandbox together get no more time than one process of a neighbour's.

The kernel shares the CPU among tasks, and where it forms groups of them by session (autogroup) among sessions first.
A niceness step changes a task's weight by a quarter, so that n tasks at the right niceness weigh as much as one.
"""

import contextlib
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FEW_RUNNING = 2  # tasks: a notebook and a program that it has started; they stay as they are
MAX_SESSIONS = 8  # more would be one more share of the CPU each, where the kernel forms groups
WEIGHT_STEP, NICEST = 1.25, 19


@dataclass(frozen=True)
class Task:
    """One process or thread."""

    process: int
    number: int
    is_running: bool
    session: int
    nice: int


class PriorityWatch:
    """Lowers the priority of all tasks when many want to run at once, for good; too many sessions are a limit."""

    def __init__(self, list_processes: Callable[[], list[int]]) -> None:
        self._list, self._nice, self._group_nice = list_processes, 0, 0

    def __call__(self) -> str | None:
        tasks = [task for process in self._list() for task in _list_tasks(process)]
        running = [task for task in tasks if task.is_running]
        self._nice = max(self._nice, share_one_weight(len(running)))
        self._group_nice = max(self._group_nice, share_one_weight(len({task.session for task in running})))
        for task in tasks:
            if task.nice < self._nice:
                with contextlib.suppress(OSError):  # it has ended, or this user may not
                    os.setpriority(os.PRIO_PROCESS, task.number, self._nice)
        for process in {task.process for task in tasks} if self._group_nice else ():
            _lower_group(process, self._group_nice)
        return "processes" if len({task.session for task in tasks}) > MAX_SESSIONS else None


def share_one_weight(count: int) -> int:
    """Return the niceness at which `count` tasks weigh as much as one, 0 for a few."""
    return 0 if count <= FEW_RUNNING else min(NICEST, math.ceil(math.log(count, WEIGHT_STEP)))


def _list_tasks(process: int) -> Iterator[Task]:
    with contextlib.suppress(OSError):
        for name in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError, IndexError, ValueError):
                with open(f"/proc/{process}/task/{name}/stat", encoding="ascii", errors="replace") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                yield Task(process, int(name), fields[0] == "R", session=int(fields[3]), nice=int(fields[16]))


def _lower_group(process: int, nice: int) -> None:
    """Lower the priority of a process's group; a kernel without such groups has no such file."""
    path = f"/proc/{process}/autogroup"
    with contextlib.suppress(OSError, ValueError):
        with open(path, encoding="ascii") as file:
            before = int(file.read().split()[-1])
        if before < nice:
            with open(path, "w", encoding="ascii") as file:
                file.write(str(nice))
