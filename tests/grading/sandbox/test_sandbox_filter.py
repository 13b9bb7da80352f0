"""The seccomp programs, run by a small interpreter as the kernel would, for both machines."""

import errno
import os
import platform
import sys

import pytest

from helpers.grading.sandbox.linux.syscalls import MACHINES, number_calls

if sys.platform == "linux":
    from helpers.grading.sandbox.linux.seccomp import LAST_KNOWN_CALL, write_filter
    from helpers.grading.sandbox.linux.seccomp_policy import list_landlock_rules, list_namespaces_rules
    from tests.support.sandbox.seccomp_interpreter import ALLOWED, KILLED, Filter, run_filter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
OWN = 4321


@pytest.fixture(params=MACHINES)
def machine(request, monkeypatch) -> str:
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    return request.param


@pytest.fixture
def namespaces(machine):
    return Filter(machine, list_namespaces_rules())


@pytest.fixture
def landlock(machine):
    return Filter(machine, list_landlock_rules(own_process=None))


def test_clone(namespaces):
    assert namespaces("clone", 17) == ALLOWED
    assert namespaces("clone", 0x003D0F00) == ALLOWED  # a thread
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert namespaces("clone", flag | 17) == errno.EPERM
    assert namespaces("clone3", 0) == errno.ENOSYS


def test_sockets(namespaces, landlock):
    assert [namespaces("socket", family, 1, 0) for family in (1, 2, 10)] == [ALLOWED] * 3
    assert {namespaces("socket", family, 1, 0) for family in (0, 3, 16, 17, 38, 40)} == {errno.EAFNOSUPPORT}
    assert namespaces("socket", 2, 1, 132) == errno.EAFNOSUPPORT
    assert landlock("socket", 1, 1, 0) == errno.EPERM
    assert landlock("socketpair", 1, 1 | 0o2000000, 0) == ALLOWED
    assert landlock("socketpair", 1, 2, 0) == errno.EPERM
    assert landlock("socketpair", 30, 1, 0) == errno.EPERM


def test_other_processes(landlock, namespaces):
    for check in (landlock, namespaces):
        assert check("prlimit64", 0, 7) == ALLOWED
        assert check("prlimit64", 1, 7) == errno.EPERM
        assert check("prlimit64", 0, 4) == errno.EPERM
        assert check("setpriority", 0, 0) == ALLOWED
        assert check("setpriority", 2, 0) == errno.EPERM
        assert check("sched_setaffinity", 77) == errno.EPERM
        assert check("ptrace", 0) == errno.EPERM
    assert landlock("kill", 77) == ALLOWED  # Landlock keeps it in


def test_signals_without_scopes(machine):
    check = Filter(machine, list_landlock_rules(own_process=OWN))
    for name in ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"):
        assert check(name, OWN) == ALLOWED
        assert {check(name, other) for other in (0, 1, 0xFFFFFFFF, OWN + 1)} == {errno.EPERM}
    assert check("tkill", OWN) == errno.EPERM
    assert check("pidfd_send_signal", 3) == errno.EPERM


def test_opening(landlock):
    assert landlock("openat", 0, 0, os.O_RDONLY) == ALLOWED
    assert landlock("openat", 0, 0, os.O_WRONLY | os.O_TRUNC | os.O_CREAT) == ALLOWED
    assert landlock("openat", 0, 0, os.O_RDONLY | os.O_TRUNC) == errno.EPERM


def test_file_attributes(landlock, namespaces):
    assert landlock("fchmodat", 0) == 0
    assert landlock("utimensat", 0, 1, 0) == errno.EPERM
    assert landlock("utimensat", 0, 1, 12345) == 0
    assert landlock("fsetxattr", 3) == errno.EOPNOTSUPP
    assert landlock("fchownat", 3) == errno.EPERM
    assert namespaces("fchmodat", 0) == ALLOWED
    assert landlock("fallocate", 3) == errno.EOPNOTSUPP
    assert namespaces("fallocate", 3) == ALLOWED  # its scratch is a file system of a bounded size


def test_devices(landlock, namespaces):
    assert landlock("ioctl", 0, 0x5401) == ALLOWED
    assert landlock("ioctl", 0, 0x40086602) == errno.ENOTTY
    assert namespaces("ioctl", 0, 0x40086602) == ALLOWED
    assert namespaces("ioctl", 0, 0x5412) == errno.EPERM


def test_personality(namespaces):
    assert namespaces("personality", 0xFFFFFFFF) == ALLOWED
    assert namespaces("personality", 0x40000) == errno.EPERM


def test_unknown_calls_and_machines(machine):
    program = write_filter(list_namespaces_rules())
    architecture = MACHINES[machine][1]
    assert run_filter(program, 0x40000000 | 39, (), architecture) == errno.ENOSYS
    assert run_filter(program, LAST_KNOWN_CALL + 1, (), architecture) == errno.ENOSYS
    assert run_filter(program, 39, (), 0x40000003) == KILLED
    assert run_filter(program, number_calls()["fcntl"], (0, 1), architecture) == ALLOWED


def test_every_refused_name_has_a_number(machine):
    numbers = number_calls()
    for name, _, _ in (*list_namespaces_rules(), *list_landlock_rules(own_process=OWN)):
        assert name in numbers or machine == "aarch64", name


def test_other_machines_are_refused(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="not riscv64"):
        number_calls()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="compares with this machine")
def test_numbers_are_this_machines():
    assert number_calls()["ptrace"] == 101
    assert number_calls()["openat2"] == 437
