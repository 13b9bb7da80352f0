"""A process that forks has one thread: a fork takes only one along, and the others' locks."""

import os


def check_single_thread() -> None:
    """Raise RuntimeError if anything has started a thread in this process."""
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise RuntimeError(f"A process that forks others has {threads} threads; it must have one.")
