"""Calls into the Linux kernel that Python has no function for.

Own bindings by way of ctypes, since no package that binds Landlock or seccomp for Python is kept on the package
index. Every function raises OSError with the call's name when the kernel refuses.
"""

import ctypes
import fcntl
import functools
import os
import signal
import socket
import struct

from helpers.grading.sandbox.linux.syscalls import number_calls

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE, MS_RELATIME, MNT_DETACH = 16384, 1 << 18, 1 << 21, 2
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_CAPBSET_READ, PR_CAPBSET_DROP = 1, 4, 8, 23, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
PR_CAP_AMBIENT_RAISE, PR_CAP_AMBIENT_CLEAR_ALL = 2, 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTRIBUTES = {MS_RDONLY: 1, MS_NOSUID: 2, MS_NODEV: 4, MS_NOEXEC: 8}


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@functools.cache
def _numbers() -> dict[str, int]:
    return number_calls()


def _check(result: int, name: str, detail: str = "") -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}", detail or None)
    return result


def call(name: str, *arguments) -> int:
    """Make a system call by name. Integers go as 64-bit words, None as a null pointer."""
    words = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    return _check(_libc().syscall(ctypes.c_long(_numbers()[name]), *words), name)


def control_process(option: int, *arguments: int) -> int:
    """Call prctl with up to four arguments."""
    words = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return _check(_libc().prctl(option, *words), f"prctl {option}")


def end_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when its parent ends; at once, if `parent` is named and is its parent no more.

    Lost on a change of user, so this comes after one.
    """
    control_process(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def mount(source: str, target: str, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount `source` on `target`."""
    words = [word.encode() or None for word in (source, target, kind)]
    done = _libc().mount(*words, ctypes.c_ulong(flags), options.encode() or None)
    _check(done, f"mount {kind or 'bind'}", target)


def unmount(target: str) -> None:
    """Take away the mount at `target`, and those below it, as soon as nobody uses them."""
    _check(_libc().umount2(target.encode(), MNT_DETACH), "umount", target)


def set_mount_flags(target: str, flags: int, *, below: bool = True) -> None:
    """Add flags (MS_RDONLY, MS_NOSUID, ...) to the mount at `target` and, unless `below` is false, to all below it."""
    added = sum(bit for flag, bit in MOUNT_ATTRIBUTES.items() if flags & flag)
    attributes = ctypes.create_string_buffer(struct.pack("=QQQQ", added, 0, 0, 0), 32)
    try:
        call("mount_setattr", AT_FDCWD, ctypes.c_char_p(target.encode()), AT_RECURSIVE * below, attributes, 32)
    except OSError as error:
        if error.errno != 38:  # ENOSYS: before Linux 5.12
            raise
        for point in _find_mounts(target) if below else [target]:
            mount("", point, flags=MS_REMOUNT | MS_BIND | _read_mount_flags(point) | flags)


def _read_mount_flags(target: str) -> int:
    """Return the flags that a mount has; a remount that left one out would be refused or take it away."""
    found = os.statvfs(target).f_flag
    same = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME
    return found & same | (MS_RELATIME if found & os.ST_RELATIME else 0)


def _find_mounts(target: str) -> list[str]:
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        points = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    return [point for point in points if point == target or point.startswith(f"{target}/")]


def change_root(new: str, old: str) -> None:
    """Make `new` the root of the file system and put the former root at `old`."""
    call("pivot_root", ctypes.c_char_p(new.encode()), ctypes.c_char_p(old.encode()))


def leave_namespaces(flags: int) -> None:
    """Call unshare: go on in fresh namespaces of the kinds in `flags`."""
    _check(_libc().unshare(flags), "unshare")


def name_machine(name: str) -> None:
    """Set the host name of this UTS namespace."""
    _check(_libc().sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")


def start_loopback() -> None:
    """Bring up the loopback interface of this network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", 1 | 64)  # IFF_UP, IFF_RUNNING
        fcntl.ioctl(handle, 0x8914, request)  # SIOCSIFFLAGS
