"""List the files of a folder without following a link out of it or waiting at a pipe."""

import os
import stat
from collections import deque
from pathlib import Path
from typing import BinaryIO

from helpers.grading.files.items import LINK, NOT_PLAIN, IntakeLimits, Item, Refused
from helpers.grading.files.names import CHECKPOINTS, explain_bad_path, explain_trace, is_ignored, split_path


def open_plain_file(path: str | Path) -> BinaryIO:
    """Open a file for reading. Refused if it is a link, a pipe, a device or a folder; this never waits."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        raise
    except OSError:
        raise Refused(LINK if os.path.islink(path) else NOT_PLAIN) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(NOT_PLAIN)
    return os.fdopen(descriptor, "rb")


def list_tree(folder: Path, limits: IntakeLimits) -> list[Item]:
    """Return the files below `folder`, those near the top first; at most 10 times as many as a student may have."""
    found: list[Item] = []
    waiting: deque[tuple[Path, tuple[str, ...]]] = deque([(Path(folder), ())])
    while waiting and len(found) < 10 * limits.student_files:
        path, above = waiting.popleft()
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            found.append(Item(above, "/".join(above) or path.name, refused=_explain(error)))
            continue
        for entry in entries:
            parts = (*above, *split_path(entry.name))
            if trace := explain_trace(parts):
                found.append(Item(parts, "/".join(parts), refused=trace, is_trace=True))
                continue
            if is_ignored(parts) and parts[-1] != CHECKPOINTS:
                continue
            if entry.is_dir(follow_symlinks=False) and not explain_bad_path("/".join(parts)):
                waiting.append((Path(entry.path), parts))
            else:
                found.append(make_item(entry, parts))
    return found


def make_item(entry: os.DirEntry, parts: tuple[str, ...]) -> Item:
    """Return the item of one entry of a folder; `parts` is its path below the student's folder."""
    label = "/".join(parts)
    if wrong := explain_bad_path(label):
        return Item((), label, refused=f"{wrong} and was left out: rename it.")
    if entry.is_symlink():
        return Item(parts, label, refused=LINK)
    if not entry.is_file(follow_symlinks=False):
        return Item(parts, label, refused=NOT_PLAIN)
    modified_s = entry.stat(follow_symlinks=False).st_mtime
    return Item(parts, label, open=lambda: open_plain_file(entry.path), modified_s=modified_s)


def _explain(error: OSError) -> str:
    return f"is a folder that cannot be read ({error.strerror}) and was left out: make it readable."
