"""Watch what the processes of a sandbox use together, cheaply: a few file reads five times a second."""

import contextlib
import os
import time
from collections.abc import Callable

from helpers.grading.sandbox.linux.limits import MEGABYTE
from helpers.grading.sandbox.settings import SandboxLimits

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class Paced:
    """Calls a function no more often than so that it takes `share` of the time; in between its answer is None."""

    def __init__(self, measure: Callable[[], str | None], *, share: float) -> None:
        self._measure, self._share, self._next_s = measure, share, 0.0

    def __call__(self) -> str | None:
        started = time.monotonic()
        if started < self._next_s:
            return None
        result = self._measure()
        ended = time.monotonic()
        self._next_s = ended + (ended - started) / self._share
        return result


class MemoryWatch:
    """Notices when all processes together hold more memory than allowed.

    Forks share pages, so that the sum of resident sizes is far too high: only when it exceeds the limit are the
    proportional sizes added up, which is slower.
    """

    def __init__(self, limits: SandboxLimits, list_processes: Callable[[], list[int]]) -> None:
        self._most_bytes, self._list = limits.total_memory_mb * MEGABYTE, list_processes
        self._measure_exactly = Paced(self._compare, share=0.1)
        self.peak_bytes = 0

    def __call__(self) -> str | None:
        resident = sum(map(read_resident_bytes, self._list()))
        return self._measure_exactly() if resident > self._most_bytes else None

    def _compare(self) -> str | None:
        proportional = sum(map(read_proportional_bytes, self._list()))
        self.peak_bytes = max(self.peak_bytes, proportional)
        return "memory" if proportional > self._most_bytes else None


def read_resident_bytes(process: int) -> int:
    """Return a process's resident size, 0 if it has gone."""
    with contextlib.suppress(OSError, IndexError), open(f"/proc/{process}/statm", "rb") as sizes:
        return int(sizes.read().split()[1]) * PAGE_BYTES
    return 0


def read_proportional_bytes(process: int) -> int:
    """Return a process's part of the pages that it uses; its resident size where it does not let that be read."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/smaps_rollup", "rb") as lines:
        for line in lines:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) << 10
    return read_resident_bytes(process)
