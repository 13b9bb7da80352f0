"""Take turns: one process at a time downloads into a folder, so that two notebooks do not fetch the same file twice."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks; there nobody can delete a file that another process is writing
    fcntl = None  # type: ignore[assignment]  # asked about before each use


@contextlib.contextmanager
def wait_for_folder(folder: Path, *, say_so: bool = True) -> Iterator[None]:
    """Wait until no other process holds `folder`, then hold it while the context lasts.

    The folder must exist. The lock leaves no file behind and ends with its process, killed or not. Where locks
    are not to be had (Windows, some network drives) nobody waits. `say_so` prints a line to stderr when waiting.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            if fcntl:
                handle = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, handle)
                _lock(handle, say_so=say_so)
        yield


def _lock(handle: int, *, say_so: bool) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if say_so:
            print("Waiting for another download into the same folder ...", file=sys.stderr, flush=True)
        fcntl.flock(handle, fcntl.LOCK_EX)


@contextlib.contextmanager
def hold_folder(folder: Path) -> Iterator[bool]:
    """Give True and hold `folder` while the context lasts, or False at once when another process holds it."""
    with contextlib.ExitStack() as stack:
        held = True
        if fcntl:
            handle = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, handle)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held = False
        yield held
