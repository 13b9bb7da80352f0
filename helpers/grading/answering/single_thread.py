"""A process that forks has one thread: a fork takes only one along, and the others' locks."""

import os
import time

ENDING_S = 10.0  # a thread that has been joined is still there for a moment, longer on a busy machine


def check_single_thread() -> None:
    """Raise RuntimeError if anything has started a thread in this process that goes on."""
    deadline = time.monotonic() + ENDING_S
    while (threads := len(os.listdir("/proc/self/task"))) > 1:
        if time.monotonic() > deadline:
            raise RuntimeError(f"A process that forks others has {threads} threads; it must have one.")
        time.sleep(0.01)
