"""Write files whole: who reads one never meets half of it, and a writer that is killed leaves the old one."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

ANYBODY = 0o666  # who may read and write a new file, before the user's own umask


@contextlib.contextmanager
def writing_whole(path: Path, *, suffix: str = ".tmp", mode: int = ANYBODY, durable: bool = False) -> Iterator[Path]:
    """Give the path of a new, empty file beside `path`; it takes that place when the block ends without an error.

    The folder is made where it is missing. suffix: of the new file's name; writers that may write at the same time need
    one each, otherwise what a killed writer left is written over. durable: wait until the disk has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}{suffix}")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield new
        if durable:
            _sync(new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes, *, mode: int = ANYBODY, durable: bool = False) -> Path:
    """Write a file, text in UTF-8 with "\\n" as it stands; a lone surrogate, which no file can hold, becomes "?"."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    with writing_whole(path, mode=mode, durable=durable) as new:
        new.write_bytes(data)
    return path


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
