"""Leave nothing open and no signal handled that the forking process had."""

import contextlib
import os
import signal
from collections.abc import Iterable


def close_others(kept: Iterable[int]) -> None:
    """Close every descriptor but those in `kept`; 0, 1 and 2 lead to /dev/null unless kept."""
    kept = set(kept)
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with contextlib.suppress(OSError):  # the listing's own descriptor is in the listing
                os.close(int(name))
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in {0, 1, 2} - kept - {nowhere}:
        os.dup2(nowhere, standard)
    if nowhere > 2:
        os.close(nowhere)
    else:
        os.set_inheritable(nowhere, True)


def reset_signals(*, as_python: bool) -> None:
    """Give all signals their default action and unblock them; `as_python` sets what Python itself sets at start."""
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):  # SIGKILL, SIGSTOP
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    if as_python:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
