"""Which processes a command has below it, and how much memory each of them takes; on Linux only."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

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
    try:
        return [process.pid for process in psutil.Process(root).children(recursive=True) if _is_alive(process)]
    except psutil.NoSuchProcess:
        return []


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return False


def read_memory(pid: int) -> Memory:
    """Return a process's memory; zeros if it has gone."""
    try:
        used = psutil.Process(pid).memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return Memory(0.0, 0.0)
    return Memory(used.pss / (1 << 20), used.rss / (1 << 20))
