"""Hostile code in each sandbox, as root and as an ordinary user, and as on older kernels."""

import os
import platform
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ordinary_user import USER
from tests.support.sandbox.outside import SANDBOXES, TOKEN, Outside, make_outside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")


@pytest.fixture(params=SANDBOXES)
def outside(request) -> Iterator[Outside]:
    with make_outside(*request.param) as outside:
        yield outside


def test_kernel_is_out_of_reach(outside):
    assert outside.run("attack_kernel") == []


def test_terminals_cannot_be_fed(outside):
    assert outside.run("attack_terminal") == []


@pytest.fixture
def victim(outside) -> Iterator[subprocess.Popen]:
    """Start a process of the sandbox's own user, outside it, that may be harmed."""
    user = {"user": USER, "group": USER} if os.geteuid() == 0 and outside.user == "ordinary" else {}
    process = subprocess.Popen(["sleep", "60"], **user)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def targets(victim) -> dict:
    """Return what tells an attack whom it may aim at."""
    return {"victim": victim.pid, "machine": os.readlink("/proc/self/ns/pid")}


def test_attacks_aim_at_the_victim_and_the_supervisor(outside, targets):
    assert len(outside.run("list_targets", **targets)) == 2


def test_processes_are_out_of_reach(outside, victim, targets):
    before = describe_process(victim.pid)
    assert outside.run("attack_processes", **targets) == []
    assert describe_process(victim.pid) == before


def describe_process(number: int) -> tuple:
    """Return what others could have changed about a process: limits, priority, processors, state."""
    limits = Path(f"/proc/{number}/limits").read_text()
    return limits, os.getpriority(os.PRIO_PROCESS, number), os.sched_getaffinity(number), os.sched_getscheduler(number)


def test_nothing_outside_is_seen(outside):
    closed = [str(outside.folder / "secret"), "/home", "/var", "/etc/ssl/private", "/run", "/boot"]
    assert outside.run("look_around", token=TOKEN, closed=closed) == []


def test_files_outside_stay_as_they_are(outside):
    before = outside.describe()
    report = outside.run(
        "attack_files",
        secret=str(outside.folder / "secret/file.txt"),
        shown=str(outside.folder / "shown/file.txt"),
    )
    assert report == []
    assert outside.describe() == before


def test_servers_outside_are_out_of_reach(outside):
    path, name = str(outside.folder / "secret" / "socket"), "sandbox-test-abstract"
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract,
    ):
        unix.bind(path)
        os.chmod(path, 0o777)
        abstract.bind("\0" + name)
        report = outside.run("attack_network", port=server.getsockname()[1], unix=path, abstract=name)
        for receiver in (server, unix, abstract):
            receiver.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
        for receiver in (unix, abstract):
            with pytest.raises(BlockingIOError):
                receiver.recv(10)
    assert report == []


def test_signals_stay_inside(outside, victim, targets):
    received = []
    handler = signal.signal(signal.SIGURG, lambda *got: received.append(got[0]))
    try:
        assert outside.run("attack_by_signals", **targets) == []
    finally:
        signal.signal(signal.SIGURG, handler)
    assert received == []
    assert victim.poll() is None
    assert Path(f"/proc/{victim.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"


def test_no_privilege_is_left(outside):
    status = outside.run("read_status")
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    assert status["Groups"] == ""
    reads_all = outside.request["backend"] == "landlock" and outside.user == "as_is" and int(status["CapEff"], 16)
    for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[kind], 16) == (1 << 2 if reads_all else 0)  # CAP_DAC_READ_SEARCH: environment below /root
    if os.geteuid() == 0:
        assert int(status["CapBnd"], 16) == 0
    assert "0" not in status["Uid"].split()


@pytest.mark.skipif(platform.machine() != "x86_64", reason="a 32-bit mode of x86-64")
def test_calls_of_another_architecture_end_the_process(outside):
    (status,) = outside.run("attack_by_old_calls")
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGSYS
