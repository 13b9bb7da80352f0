"""Build the file system that a sandbox with namespaces sees, and move into it.

Runs as process 1 of the new namespaces, before any student code. What is not put in here does not exist there.
"""

import contextlib
import os
from pathlib import Path

from helpers.grading.sandbox.backends.files import copy_work, make_scratch
from helpers.grading.sandbox.linux import kernel
from helpers.grading.sandbox.settings import CPU_FOLDER, DEVICES, SYSTEM_FILES, SYSTEM_FOLDERS, SandboxLimits, View

SCRATCH = "/scratch"
_STAGE, _OLD, _NEW = "/tmp", "/old", "/new"  # the stage is any folder; what was in it stays reachable in the old root
_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV
_MADE_FILES = {
    "/etc/passwd": "root:x:0:0:root:/nonexistent:/bin/false\nstudent:x:{user}:{group}:student:/scratch/home:/bin/sh\n",
    "/etc/group": "root:x:0:\nstudent:x:{group}:\n",
    "/etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
}


def enter_root(view: View, *, limits: SandboxLimits, user: int, group: int) -> None:
    """Make the new root and go there; the old one is out of reach afterwards. Raises OSError where that is refused."""
    folders = list_folders(view)
    links = {name: os.readlink(name) for name in (*SYSTEM_FOLDERS, *SYSTEM_FILES) if os.path.islink(name)}
    work = os.path.realpath(view.work)
    _set_stage()
    _mount_scratch(work, limits=limits, user=user, group=group)
    for target, source in folders.items():
        bind_folder(_OLD + source, _NEW + target)
    _copy_system_files()
    for name, text in _MADE_FILES.items():
        _write(_NEW + name, text.format(user=user, group=group).encode())
    for name, target in links.items():
        _link(target, _NEW + name)
    _fill_dev()
    _mount_kernel_folders()
    _leave_old_root()
    kernel.set_mount_flags("/", kernel.MS_RDONLY, below=False)


def list_folders(view: View) -> dict[str, str]:
    """Return target -> source, links resolved, of what is seen read-only; nothing that lies in another is named."""
    wanted = {}
    for path in (*SYSTEM_FOLDERS, *map(str, view.readable)):
        source = os.path.realpath(path)
        if os.path.exists(source) and not (os.path.islink(path) and path in SYSTEM_FOLDERS):
            wanted[os.path.abspath(path)] = wanted[source] = source
    kept: dict[str, str] = {}
    for target in sorted(wanted):
        if not any(Path(target).is_relative_to(above) for above in kept):
            kept[target] = wanted[target]
    return kept


def _set_stage() -> None:
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", _STAGE, kind="tmpfs", flags=_QUIET, options="mode=755,size=1m")
    os.mkdir(_STAGE + _OLD)
    os.mkdir(_STAGE + _NEW)
    kernel.change_root(_STAGE, _STAGE + _OLD)
    os.chdir("/")
    kernel.mount("tmpfs", _NEW, kind="tmpfs", flags=_QUIET, options="mode=755,size=8m,nr_inodes=4096")


def _mount_scratch(work: str, *, limits: SandboxLimits, user: int, group: int) -> None:
    scratch = _NEW + SCRATCH
    os.mkdir(scratch)
    options = f"mode=700,size={limits.scratch_mb}m,nr_inodes={limits.scratch_files}"
    kernel.mount("tmpfs", scratch, kind="tmpfs", flags=_QUIET, options=options)
    make_scratch(scratch, owner=(user, group))
    copy_work(_OLD + work, f"{scratch}/work", limits=limits, owner=(user, group))
    os.mkdir(f"{_NEW}/tmp")
    kernel.mount(f"{scratch}/tmp", f"{_NEW}/tmp", flags=kernel.MS_BIND)


def bind_folder(source: str, target: str) -> None:
    """Show `source`, a folder or a file, read-only at `target`, with all that is mounted below it."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        _write(target, b"")
    kernel.mount(source, target, flags=kernel.MS_BIND | kernel.MS_REC)
    kernel.set_mount_flags(target, kernel.MS_RDONLY | _QUIET)


def _copy_system_files() -> None:
    for name in SYSTEM_FILES:
        with contextlib.suppress(OSError):
            if not os.path.islink(_OLD + name):
                _write(_NEW + name, Path(_OLD + name).read_bytes())


def _write(name: str, data: bytes) -> None:
    os.makedirs(os.path.dirname(name), exist_ok=True)
    Path(name).write_bytes(data)


def _link(target: str, name: str) -> None:
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.symlink(target, name)


def _fill_dev() -> None:
    os.mkdir(f"{_NEW}/dev")
    for name in DEVICES:
        _write(f"{_NEW}/dev/{name}", b"")
        kernel.mount(f"{_OLD}/dev/{name}", f"{_NEW}/dev/{name}", flags=kernel.MS_BIND)
        kernel.set_mount_flags(f"{_NEW}/dev/{name}", kernel.MS_NOSUID | kernel.MS_NOEXEC)
    links = {"fd": "/proc/self/fd", "shm": f"{SCRATCH}/shm", "ptmx": "pts/ptmx"}
    links |= {name: f"/proc/self/fd/{number}" for number, name in enumerate(("stdin", "stdout", "stderr"))}
    for name, target in links.items():
        os.symlink(target, f"{_NEW}/dev/{name}")
    os.mkdir(f"{_NEW}/dev/pts")
    flags = kernel.MS_NOSUID | kernel.MS_NOEXEC
    kernel.mount("devpts", f"{_NEW}/dev/pts", kind="devpts", flags=flags, options="newinstance,ptmxmode=0666,max=16")


def _mount_kernel_folders() -> None:
    os.mkdir(f"{_NEW}/proc")
    kernel.mount("proc", f"{_NEW}/proc", kind="proc", flags=_QUIET | kernel.MS_NOEXEC)
    with contextlib.suppress(OSError):  # only tells how many processors there are
        bind_folder(_OLD + CPU_FOLDER, _NEW + CPU_FOLDER)


def _leave_old_root() -> None:
    kernel.unmount(_OLD)
    os.chdir(_NEW)
    kernel.change_root(".", ".")
    kernel.unmount(".")
    os.chdir("/")
