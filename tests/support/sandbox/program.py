"""Run a case in a sandbox and print what came of it: program.py < {"case", "backend", ...}.

A program of its own, since a fork needs a process with one thread, and since it runs as different users.
"""

import contextlib
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.grading.sandbox.enter import SandboxLimits, View, run_confined
from helpers.grading.sandbox.linux.processes import Descendants
from helpers.grading.sandbox.settings import find_environment
from tests.support.ordinary_user import run_as_ordinary_user

MAX_S = 60.0
CASES = tuple(f"tests.support.sandbox.{name}" for name in ("attacks", "reaching", "loads", "processes", "usual"))


def run_case(request: dict, *, user: str, temporary: Path) -> dict:
    """Run a case in a process of its own, as this user ("as_is") or an ordinary one; return what it printed.

    What it puts into the folder for temporary files goes into `temporary`, and has to be gone afterwards.
    """
    done = run_as(user, [sys.executable, __file__], extra={"TMPDIR": str(temporary)}, input=json.dumps(request))
    assert list(temporary.iterdir()) == []
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def run_as(user: str, command: list[str], *, extra: dict | None = None, **options) -> subprocess.CompletedProcess:
    """Run a command with the repository on its path, as this user ("as_is") or an ordinary one."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])} | (extra or {})
    run = subprocess.run if user == "as_is" else run_as_ordinary_user
    return run(command, env=environment, capture_output=True, text=True, timeout=2 * MAX_S, **options)


def find_case(name: str) -> Callable:
    """Return a function from one of the modules with cases."""
    modules = map(importlib.import_module, CASES)
    return next(getattr(module, name) for module in modules if hasattr(module, name))


@contextlib.contextmanager
def make_open_folders(*names: str) -> Iterator[Path]:
    """Give a fresh folder that every user can get to, with folders of these names that every user may write in.

    Not pytest's own: every run of pytest closes the one above those of all runs.
    """
    with tempfile.TemporaryDirectory(prefix="sandbox-test-", ignore_cleanup_errors=True) as top:
        os.chmod(top, 0o755)
        for name in (*names, "temporary"):
            Path(top, name).mkdir()
            Path(top, name).chmod(0o1777)
        yield Path(top)


class Sandbox:
    """A running sandbox, seen by its judge."""

    def __init__(self, request: dict) -> None:
        self.control, theirs = socket.socketpair()
        self._reading, writing = os.pipe()
        case = find_case(request["case"])
        self.process = os.fork()
        if self.process == 0 and request.get("fork_server") and os.fork():
            self.control.close()
            theirs.close()
            os.wait()
            os._exit(0)
        if self.process == 0:
            os.setsid()
            readable = (*find_environment(), *map(Path, request.get("readable", ())))
            run_confined(
                lambda: os.write(writing, json.dumps(case(**request.get("arguments", {}))).encode() + b"\n"),
                backend=request["backend"],
                view=View(readable, Path(request["work"])),
                limits=SandboxLimits(**request.get("limits", {})),
                control=theirs,
                keep=(writing,),
                landlock_version=request.get("landlock_version"),
            )
        theirs.close()
        os.close(writing)

    def tell(self, command: str) -> None:
        """Send a command to the supervisor."""
        with contextlib.suppress(OSError):
            self.control.sendall(json.dumps({"do": command}).encode() + b"\n")

    def read_report(self) -> list:
        """Wait until no process holds the reporting end any more; return what was reported."""
        return _read_lines(self._reading)

    def finish(self) -> list[dict]:
        """End everything; return the supervisor's events."""
        self.tell("end")
        events = _read_lines(self.control.fileno())
        os.waitpid(self.process, 0)
        return events


def _read_lines(descriptor: int) -> list:
    data, deadline = b"", time.monotonic() + MAX_S
    while select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
        try:
            part = os.read(descriptor, 65_536)
        except ConnectionResetError:  # a command came too late to be read
            part = b""
        if not part:
            return [json.loads(line) for line in data.splitlines()]
        data += part
    return [*(json.loads(line) for line in data.splitlines()), "took too long"]


def main() -> None:
    """Run the case with the commands that were asked for; print its report, events and what is left."""
    request = json.load(sys.stdin)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGURG])
    sandbox = Sandbox(request)
    for command, after_s in request.get("commands", ()):
        time.sleep(after_s)
        if command == "print processes":
            print(json.dumps(Descendants().list()), flush=True)
        elif command == "close":
            sandbox.control.shutdown(socket.SHUT_WR)
        else:
            sandbox.tell(command)
    report = sandbox.read_report() if request.get("wait_for_report", True) else []
    events = sandbox.finish()
    print(json.dumps({"report": report, "events": events, "left": Descendants().list()}))


if __name__ == "__main__":
    main()
