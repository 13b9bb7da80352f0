"""Files that students handed in go into a scratch folder and away again. Nothing here ever follows a link."""

import contextlib
import os
import shutil
import stat

from helpers.grading.sandbox.settings import SCRATCH_FOLDERS, SandboxError, SandboxLimits

DEEPEST_FOLDER = 20


def make_scratch(scratch: str, *, owner: tuple[int, int]) -> None:
    """Make the folders of a scratch folder, for `owner` alone."""
    for name in SCRATCH_FOLDERS:
        folder = f"{scratch}/{name}"
        os.mkdir(folder, 0o700)
        os.chown(folder, *owner)
    os.chown(scratch, *owner)


def copy_work(source: str, target: str, *, limits: SandboxLimits, owner: tuple[int, int]) -> None:
    """Copy the regular files below `source` into the folder `target`; links, pipes and the like are left out.

    Raises SandboxError when they are more or larger than `limits` allows, so that a copy never fills the scratch.
    """
    left_bytes, left_files = limits.scratch_mb * 1_000_000, limits.scratch_files
    for folder, folders, names, handle in os.fwalk(source, follow_symlinks=False):
        inside = os.path.relpath(folder, source)
        if inside != ".":
            os.mkdir(f"{target}/{inside}", 0o700)
            os.chown(f"{target}/{inside}", *owner)
        if inside.count("/") >= DEEPEST_FOLDER:
            folders.clear()
        folders[:] = [name for name in folders if not _is_link(name, handle)]
        for name in names:
            left_files -= 1
            left_bytes -= _copy_file(name, handle, f"{target}/{inside}/{name}", owner=owner, most_bytes=left_bytes)
        if min(left_bytes, left_files) < 0:
            raise SandboxError("The student's files are more than the scratch folder may hold: grade them by hand.")


def _is_link(name: str, handle: int) -> bool:
    return stat.S_ISLNK(os.lstat(name, dir_fd=handle).st_mode)


def _copy_file(name: str, handle: int, target: str, *, owner: tuple[int, int], most_bytes: int) -> int:
    """Copy one file, if it is one; return its size in bytes. One larger than `most_bytes` is not copied."""
    try:
        source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
    except OSError:
        return 0  # a link, a socket, or unreadable
    with open(source, "rb") as reader:
        found = os.fstat(source)
        if stat.S_ISREG(found.st_mode) and found.st_size <= most_bytes:
            with open(target, "xb") as writer:
                shutil.copyfileobj(reader, writer, 1 << 20)
                os.fchmod(writer.fileno(), 0o600)
                os.fchown(writer.fileno(), *owner)
        return found.st_size


def remove_tree(top: str) -> None:
    """Remove a folder whose owners are gone, however deep, and with folders that may not be read.

    Each folder found is first moved up to the top, so that neither paths nor recursion grow with the depth.
    """
    waiting, moved = [top], 0
    while waiting:
        folder = waiting.pop()
        _open_up(folder)
        for entry in list(os.scandir(folder)):
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            _open_up(entry.path)
            moved += 1
            aside = f"{top}/.removing-{os.getpid()}-{moved}"
            os.rename(entry.path, aside)
            waiting.append(aside)
        if folder != top:
            os.rmdir(folder)
    os.rmdir(top)


def _open_up(folder: str) -> None:
    with contextlib.suppress(PermissionError):
        os.chmod(folder, 0o700)
