"""Write and install a seccomp filter: the kernel then refuses system calls by number and by their arguments.

A rule is (name, errno, checks). Without checks the call always fails with that errno (0: it claims to have
succeeded and does nothing); with checks it fails when one of them objects. Calls of another processor
architecture end the process; calls of x86-64's second numbering, and calls newer than these rules, do not exist.
"""

import ctypes
import errno
import os
import platform
import struct

from helpers.grading.sandbox.linux import kernel
from helpers.grading.sandbox.linux.syscalls import MACHINES, number_calls

LAST_KNOWN_CALL = 462  # mseal, Linux 6.10: whatever comes later is unknown here, and refused
_LOAD, _AND, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x25, 0x45, 0x06
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in what a filter sees
_FILTER_MODE, _SYNCHRONISE = 1, 1

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant
Rule = tuple[str, int, tuple]


def only(argument: int, values: tuple[int, ...], *, mask: int = 0xFFFFFFFF):
    """Object unless (argument & mask) is one of `values`. Arguments are taken as 32-bit numbers."""

    def write(failure: Instruction) -> list[Instruction]:
        tests = [(_EQUAL, len(values) - place, 0, value & 0xFFFFFFFF) for place, value in enumerate(values)]
        return [*_load(argument, mask), *tests, failure]

    return write


def none_of(argument: int, values: tuple[int, ...], *, mask: int = 0xFFFFFFFF):
    """Object if (argument & mask) is one of `values`."""

    def write(failure: Instruction) -> list[Instruction]:
        tests = [part for value in values for part in ((_EQUAL, 0, 1, value & 0xFFFFFFFF), failure)]
        return [*_load(argument, mask), *tests]

    return write


def no_bit_of(argument: int, mask: int):
    """Object if the argument has a bit of `mask`."""

    def write(failure: Instruction) -> list[Instruction]:
        return [*_load(argument, 0xFFFFFFFF), (_ANY_BIT, 0, 1, mask), failure]

    return write


def pretend(failure: Instruction) -> list[Instruction]:
    """Claim success and do nothing, when no check before this one objected."""
    return [(_RETURN, 0, 0, _FAIL)]


def _load(argument: int, mask: int) -> list[Instruction]:
    load = (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)  # both machines keep the low word first
    return [load] if mask == 0xFFFFFFFF else [load, (_AND, 0, 0, mask)]


def write_filter(rules: list[Rule]) -> list[Instruction]:
    """Return the program for the rules; names that this machine does not have are left out."""
    numbers = number_calls()
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, MACHINES[platform.machine()][1]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_GREATER, 0, 1, LAST_KNOWN_CALL),
        (_RETURN, 0, 0, _FAIL | errno.ENOSYS),
    ]
    for name, error, checks in rules:
        if name in numbers:
            body = _write_body((_RETURN, 0, 0, _FAIL | error), checks)
            program += [(_EQUAL, 0, len(body), numbers[name]), *body]
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _write_body(failure: Instruction, checks: tuple) -> list[Instruction]:
    if not checks:
        return [failure]
    return [*(part for check in checks for part in check(failure)), (_RETURN, 0, 0, _ALLOW)]


def install_filter(program: list[Instruction]) -> None:
    """Confine this process and its children to the filter, for good. Needs no_new_privs."""
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    code = ctypes.create_string_buffer(packed, len(packed))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    failed_thread = kernel.call("seccomp", _FILTER_MODE, _SYNCHRONISE, header)
    if failed_thread:
        raise OSError(errno.ESRCH, f"seccomp: thread {failed_thread} is not confined", str(os.getpid()))
