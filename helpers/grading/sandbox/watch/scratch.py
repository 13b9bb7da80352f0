"""Watch what confined code puts on a disk, where no file system of its own bounds it."""

import contextlib
import os
import stat
from collections.abc import Callable

from helpers.grading.sandbox.linux.limits import MEGABYTE
from helpers.grading.sandbox.settings import SandboxLimits

DEEPEST_FOLDER = 100


class ScratchWatch:
    """Notices when a scratch folder on a disk holds more than allowed, deleted files still in use included."""

    def __init__(self, limits: SandboxLimits, scratch: str, list_processes: Callable[[], list[int]]) -> None:
        self._limits, self._scratch, self._list = limits, scratch, list_processes
        self._device, self._name = os.stat(scratch).st_dev, os.fsencode(scratch)
        self._size = self._entries = 0

    def __call__(self) -> str | None:
        self._size = self._entries = 0
        handle = os.open(self._scratch, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fits = self._add_folder(handle, 0)
        except PermissionError:
            fits = False  # a folder that hides what is in it
        finally:
            os.close(handle)
        self._size += sum(self._measure_deleted().values())
        return None if fits and self._size <= self._limits.scratch_mb * MEGABYTE else "scratch"

    def _add_folder(self, handle: int, depth: int) -> bool:
        if depth > DEEPEST_FOLDER:
            return False
        with os.scandir(handle) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    if not self._add_entry(entry, handle, depth):
                        return False
        return True

    def _add_entry(self, entry: os.DirEntry, handle: int, depth: int) -> bool:
        self._entries += 1
        found = os.lstat(entry.name, dir_fd=handle)
        self._size += found.st_blocks * 512 // max(1, found.st_nlink if stat.S_ISREG(found.st_mode) else 1)
        if self._entries > self._limits.scratch_files:
            return False
        if not stat.S_ISDIR(found.st_mode):
            return True
        inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
        try:
            return self._add_folder(inner, depth + 1)
        finally:
            os.close(inner)

    def _measure_deleted(self) -> dict[tuple, int]:
        """Return bytes of deleted files that are still open or mapped, by what tells the same ones apart."""
        sizes: dict[tuple, int] = {}
        for process in self._list():
            with contextlib.suppress(OSError):
                for name in os.listdir(f"/proc/{process}/fd"):
                    with contextlib.suppress(OSError):
                        self._add_opened(os.stat(f"/proc/{process}/fd/{name}"), sizes)
            with contextlib.suppress(OSError), open(f"/proc/{process}/maps", "rb") as lines:
                for line in lines:
                    if line.endswith(b" (deleted)\n") and self._name in line:
                        _add_mapped(line, sizes)
        return sizes

    def _add_opened(self, found: os.stat_result, sizes: dict[tuple, int]) -> None:
        if found.st_dev == self._device and found.st_nlink == 0 and stat.S_ISREG(found.st_mode):
            sizes[("opened", found.st_ino)] = found.st_blocks * 512


def _add_mapped(line: bytes, sizes: dict[tuple, int]) -> None:
    span, _, offset, _, inode = line.split(maxsplit=5)[:5]
    first, _, end = span.partition(b"-")
    key = ("mapped", inode, offset)
    sizes[key] = max(sizes.get(key, 0), int(end, 16) - int(first, 16))
