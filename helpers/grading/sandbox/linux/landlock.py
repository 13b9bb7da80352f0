"""Landlock: the kernel's means for an ordinary process to give up access to files, for good.

Rights that an older kernel does not know are left out; seccomp covers them (see seccomp_policy.py).
"""

import ctypes
import os
import struct
from pathlib import Path

from helpers.grading.sandbox.linux import kernel

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
MAKE_CHAR, MAKE_SOCKET, MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE  # what a rule for a file may name
READ = EXECUTE | READ_FILE | READ_DIR
_BITS = ((1, 13), (2, 14), (3, 15), (5, 16))  # interface version -> how many rights it knows
_NO_TCP, _SCOPED = 0b11, 0b11  # bind and connect; abstract sockets and signals
_VERSION_FLAG, _PATH_BENEATH = 1, 1


def find_version() -> int:
    """Return the version of the kernel's Landlock interface, 0 where there is none."""
    try:
        return kernel.call("landlock_create_ruleset", None, 0, _VERSION_FLAG)
    except OSError:
        return 0


def list_rights(version: int) -> int:
    """Return all file rights that an interface version knows, as bits."""
    return (1 << max(bits for since, bits in _BITS if since <= version)) - 1


class Ruleset:
    """Rules to come into force: nothing is allowed but what `allow` names."""

    def __init__(self, version: int) -> None:
        """Make an empty ruleset that handles everything that `version` knows; raises OSError without Landlock."""
        self.rights = list_rights(version)
        words = [self.rights]
        if version >= 4:
            words.append(_NO_TCP)
        if version >= 6:
            words.append(_SCOPED)
        attributes = ctypes.create_string_buffer(struct.pack(f"={len(words)}Q", *words), 8 * len(words))
        self._handle = kernel.call("landlock_create_ruleset", attributes, 8 * len(words), 0)

    def allow(self, path: str | Path, rights: int) -> None:
        """Allow `rights` at and below a path, as far as this version knows them; no path, no rule."""
        try:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        rights &= self.rights if os.path.isdir(f"/proc/self/fd/{handle}") else self.rights & ON_FILES
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, handle), 12)
        try:
            kernel.call("landlock_add_rule", self._handle, _PATH_BENEATH, rule, 0)
        finally:
            os.close(handle)

    def allow_working(self, folder: str | Path) -> None:
        """Allow everything at and below a folder but devices and sockets."""
        self.allow(folder, self.rights & ~(MAKE_CHAR | MAKE_BLOCK | MAKE_SOCKET | IOCTL_DEVICE))

    def enforce(self) -> None:
        """Confine this process and its children to the rules. Needs no_new_privs."""
        kernel.call("landlock_restrict_self", self._handle, 0)
        os.close(self._handle)
