"""What code in a sandbox does that uses much of something, or leaves something behind; and what it is right to do."""

import contextlib
import mmap
import os
import time
from pathlib import Path

MEGABYTE = 1 << 20
UNNOTICED_S = 10.0  # a supervisor that has done nothing by then does not watch


def use_memory_together(*, processes: int, each_mb: int) -> str:
    """Fill memory in several processes, none of which has too much."""
    for _ in range(processes):
        if os.fork() == 0:
            block = bytearray(os.urandom(MEGABYTE)) * each_mb
            time.sleep(60)
            os._exit(len(block) > 0)
    time.sleep(60)
    return "still here"


def share_memory(*, processes: int, each_mb: int) -> str:
    """Fork processes that share one large block: together they use little more than one."""
    block = bytearray(os.urandom(MEGABYTE)) * each_mb
    for _ in range(processes):
        if os.fork() == 0:
            time.sleep(2)
            os._exit(0)
    time.sleep(1)
    return f"{len(block) // MEGABYTE} MB shared"


def fill_scratch() -> str:
    """Write files until that is refused."""
    with contextlib.suppress(OSError):
        for number in range(10_000):
            Path(f"file-{number}").write_bytes(bytes(MEGABYTE))
        time.sleep(60)
        return "wrote 10 GB"
    return "refused"


def fill_with_deleted(*, mapped: bool) -> str:
    """Write files that are deleted at once, kept open or only mapped; with no more to open, wait with what there is."""
    kept = []
    for number in range(10_000):
        try:
            file = open(f"file-{number}", "w+b")
        except OSError:
            time.sleep(UNNOTICED_S)
            return f"kept {len(kept)} MB"
        try:
            os.posix_fallocate(file.fileno(), 0, MEGABYTE)
            kept.append(mmap.mmap(file.fileno(), MEGABYTE) if mapped else file)
        except OSError:
            return "refused"
        os.unlink(file.name)
        if mapped:
            file.close()
    return "wrote 10 GB"


def make_many_files() -> str:
    """Make small files until that is refused."""
    with contextlib.suppress(OSError):
        for number in range(1_000_000):
            Path(f"file-{number}").touch()
        return "made a million"
    return "refused"


def nest_folders(*, depth: int) -> str:
    """Make folders within folders, as deep as it goes."""
    with contextlib.suppress(OSError):
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        Path("at the bottom").touch()
        return "made them"
    return "refused"


def hide_files() -> str:
    """Make folders that nobody may look into."""
    with contextlib.suppress(OSError):
        os.umask(0o777)
    for name in ("a", "b"):
        with contextlib.suppress(OSError):
            os.mkdir(name, 0o300)
            Path(name, "inside").touch()
            os.chmod(name, 0)
    return "hidden"
