"""Processes in a sandbox that multiply, stay, wait, or end."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time


def fork_bomb() -> None:
    """Fork for ever, in every child as well."""
    while True:
        with contextlib.suppress(OSError):
            os.fork()


def breed_mayflies() -> None:
    """Keep chains of processes going, each of which forks one child and ends at once, too soon to be listed."""
    for _ in range(3):
        if os.fork() == 0:
            while True:
                with contextlib.suppress(OSError):
                    if os.fork():
                        os._exit(0)
    time.sleep(60)


def wake_each_other() -> None:
    """Fork processes that send each other SIGCONT and go on forking."""
    for _ in range(4):
        os.fork()
    while True:
        with contextlib.suppress(OSError):
            os.kill(0, signal.SIGCONT)
            os.fork()


def leave_orphans() -> str:
    """Start processes that outlive this one, in sessions of their own, deaf to signals."""
    for _ in range(3):
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            if os.fork():
                os._exit(0)
            with contextlib.suppress(OSError):
                os.close(3)
            for number in range(3, 64):
                with contextlib.suppress(OSError):
                    os.close(number)
            time.sleep(600)
            os._exit(0)
    return "left"


def sleep_long() -> str:
    """Wait; say so if interrupted."""
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        return "interrupted"
    return "slept"


def swallow_interrupts() -> str:
    """Go on whatever comes."""
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(60)


def stay_with_child() -> str:
    """Start a child that lives on, then wait."""
    subprocess.Popen([sys.executable, "-IS", "-c", "import time; time.sleep(600)"])
    if os.fork() == 0:
        with contextlib.suppress(OSError):
            os.setsid()
        time.sleep(600)
    time.sleep(600)
    return "slept"


def exit_with(*, status: int) -> None:
    """End at once, without saying anything."""
    os._exit(status)


def keep_busy(*, processes: int, sessions: bool, most_s: float, until_nice: int | None = None) -> list[int]:
    """Fork processes that compute, in sessions of their own if wanted, until all have that niceness, or for `most_s`.

    Return the niceness of each, and of this one.
    """
    reading, writing = os.pipe()
    children, nices, end_s = [], [], time.monotonic() + most_s
    with contextlib.suppress(OSError):
        for _ in range(processes):
            child = os.fork()
            if child == 0:
                os.close(writing)
                _compute(reading, end_s, own_session=sessions)
            children.append(child)
    while time.monotonic() < end_s and set(nices) != {until_nice}:
        nices = [os.getpriority(os.PRIO_PROCESS, child) for child in (*children, 0)]
    os.close(writing)
    return nices


def _compute(reading: int, end_s: float, *, own_session: bool) -> None:
    """Compute until that pipe is closed, or until then; and end."""
    if own_session:
        with contextlib.suppress(OSError):
            os.setsid()
    while time.monotonic() < end_s and not select.select([reading], [], [], 0)[0]:
        pass
    os._exit(0)
