"""Who confined code is: an unused user without any capability."""

import ctypes
import os
import socket
import struct
from dataclasses import dataclass

from helpers.grading.sandbox.linux import kernel

CAP_DAC_READ_SEARCH, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_SYS_NICE = 2, 5, 6, 7, 8, 23
FIRST_USER, USERS = 60706, 478  # numbers that systemd, Debian and Fedora all leave unused
_CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True)
class Identity:
    """A user and group number for one sandbox; `held`, a descriptor, keeps others from taking it (None: who we are)."""

    user: int
    group: int
    held: int | None = None

    @property
    def descriptors(self) -> set[int]:
        """The descriptor that has to stay open, if there is one."""
        return set() if self.held is None else {self.held}


def is_root() -> bool:
    """Return whether this process may become another user."""
    return os.geteuid() == 0 and has_capability(CAP_SETUID) and has_capability(CAP_SETGID)


def has_capability(number: int) -> bool:
    """Return whether this process may use a capability."""
    return bool(read_capabilities() >> number & 1)


def read_capabilities() -> int:
    """Return the capabilities in effect, a bit for each."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
        return next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)


def choose_identity() -> Identity:
    """Take a user number that no other sandbox has, when root; else the number that we are.

    The number is held by a name in the abstract socket namespace, which the kernel frees with its process.
    """
    if not is_root():
        return Identity(os.getuid(), os.getgid())
    for step in range(USERS):
        number = FIRST_USER + (os.getpid() + step) % USERS
        held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            held.bind(f"\0exercise-sandbox-user-{number}")
        except OSError:
            held.close()
        else:
            return Identity(number, number, held.detach())
    raise OSError("No user number is free for another sandbox.")


def become(identity: Identity, *, keep: int | None = None) -> None:
    """Change to the identity for good, without capabilities but the one in `keep`, which programs inherit too."""
    mask = 0 if keep is None else 1 << keep
    set_capabilities(read_capabilities(), inheritable=mask)  # nothing can be added to these once the set is dropped
    drop_bounding_set()
    if identity.held is not None:
        kernel.control_process(kernel.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(identity.group, identity.group, identity.group)
        os.setresuid(identity.user, identity.user, identity.user)
        kernel.control_process(kernel.PR_SET_KEEPCAPS, 0)
    set_capabilities(mask, inheritable=mask)
    kernel.control_process(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_CLEAR_ALL)
    if keep is not None:
        kernel.control_process(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_RAISE, keep)
    kernel.control_process(kernel.PR_SET_NO_NEW_PRIVS, 1)


def use_files_as(identity: Identity) -> None:
    """Open files, and look into other processes, with the rights of `identity`; who we are stays as it is."""
    kernel.call("setfsgid", identity.group)
    kernel.call("setfsuid", identity.user)


def drop_bounding_set() -> None:
    """Make sure that no program can ever bring a capability back (without CAP_SETPCAP, no_new_privs sees to it)."""
    if not has_capability(CAP_SETPCAP):
        return
    for number in range(64):
        try:
            kernel.control_process(kernel.PR_CAPBSET_READ, number)
        except OSError:
            return  # past the kernel's last one
        kernel.control_process(kernel.PR_CAPBSET_DROP, number)


def set_capabilities(mask: int, *, inheritable: int = 0) -> None:
    """Give up all capabilities that are not in `mask`, a bit for each."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION, 0), 8)
    words = []
    for shift in (0, 32):
        word, passed_on = mask >> shift & 0xFFFFFFFF, inheritable >> shift & 0xFFFFFFFF
        words += [word, word, passed_on]
    data = ctypes.create_string_buffer(struct.pack("=6I", *words), 24)
    kernel.call("capset", header, data)
