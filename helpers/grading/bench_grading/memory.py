"""Which processes a command has below it, and how much memory each of them takes; from /proc, so on Linux only."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LEAST_INTERVAL_S = 1.0
SAMPLING_SHARE = 0.03  # of one core's time goes into sampling, at most


@dataclass(frozen=True)
class Memory:
    """A process's memory in MB. Pages that several processes share are divided among them in PSS, whole in RSS."""

    pss_mb: float
    rss_mb: float


Watch = Callable[[int, dict[int, Memory]], None]


@contextlib.contextmanager
def sample_memory(root: int, watch: Watch | None = None) -> Iterator[list[float]]:
    """Sample in a thread while the context lasts; the list's one number is the peak so far, in MB."""
    peak, stop = [0.0], threading.Event()

    def sample() -> None:
        took = 0.0
        while not stop.wait(max(LEAST_INTERVAL_S, took / SAMPLING_SHARE)):
            started = time.thread_time()
            memory = {pid: read_memory(pid) for pid in (root, *list_descendants(root))}
            peak[0] = max(peak[0], sum(of_process.pss_mb for of_process in memory.values()))
            if watch:
                watch(root, memory)
            took = time.thread_time() - started

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def list_descendants(root: int) -> list[int]:
    """Return the process ids of all living descendants of `root`; those that have ended, unreaped, do not count."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _read_stat(entry)) and fields[0] not in "ZX":
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _read_stat(entry: Path) -> list[str]:
    """Return state, parent and so on of a process; empty if it has gone."""
    try:
        return (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def read_memory(pid: int) -> Memory:
    """Return a process's memory; zeros if it has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return Memory(0.0, 0.0)
    size_mb = {line.split()[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith(" kB")}
    return Memory(size_mb.get("Pss:", 0.0), size_mb.get("Rss:", 0.0))
