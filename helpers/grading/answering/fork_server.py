"""Start the fork server, and ask it for a notebook's processes."""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.notebooks.paths import ROOT
from helpers.grading.sandbox.settings import SandboxLimits, find_environment

START_TIMEOUT_S = 180
SEEN_BY_STUDENTS = ("answering", "sandbox")  # of helpers/grading, the only parts the server needs


class ForkServerError(RuntimeError):
    """The fork server has ended, and with it the notebooks that it had forked."""


def copy_helpers(runtime: Path) -> None:
    """Copy helpers/ into `runtime` as students have it, with those parts of helpers/grading that the server needs."""

    def leave_out(folder: str, names: list[str]) -> set[str]:
        inside = Path(folder) == ROOT / "helpers" / "grading"
        return {name for name in names if inside and name not in (*SEEN_BY_STUDENTS, "__init__.py")}

    shutil.copytree(ROOT / "helpers", runtime / "helpers", ignore=leave_out, dirs_exist_ok=True)


def make_environment(runtime: Path) -> dict[str, str]:
    """Return the only environment variables that submitted code gets to see."""
    return HEADLESS_ENVIRONMENT | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "PYTHONPATH": str(runtime),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_MMAP_THRESHOLD_": str(1 << 30),  # keep freed memory: large tensors come and go in every call
        "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
        "MKL_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(runtime / "matplotlib"),
        "HOME": str(runtime / "home"),
        "NBGRADER_EXECUTION": "autograde",
    }


class ForkServer:
    """A process that imports everything and then forks confined notebooks, for any number of workers at once.

    It starts in the background; the first notebook waits until it is ready. The copy that a forked worker has asks the
    same process, and does not end it.
    """

    def __init__(self, runtime: Path, *, backend: str, limits: SandboxLimits | None = None) -> None:
        self.runtime, self.backend, self.limits = runtime, backend, limits or SandboxLimits()
        self._owner = os.getpid()
        self._log = runtime.parent / f"server-{self._owner}.log"
        (runtime / "home").mkdir(exist_ok=True)
        # Each packet is one request, whole, whoever of several workers sends it.
        self._connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection.settimeout(START_TIMEOUT_S)
        with self._log.open("wb") as log, theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "helpers.grading.answering.server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=make_environment(runtime),
                cwd=runtime,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def readable(self) -> list[str]:
        """Folders that submitted code may read: this environment, Python's own files, and the copied helpers."""
        return [str(folder) for folder in (*find_environment(), self.runtime)]

    def fork(self, work: str, descriptors: list[int], *, set_up: Sequence[str] = ()) -> int:
        """Let the server fork a notebook that works in a copy of `work`; return its first process's number.

        The cells in `set_up` have run in it; they do so once, for all notebooks of the kind.
        """
        request = {
            "backend": self.backend,
            "readable": self.readable,
            "work": work,
            "limits": asdict(self.limits),
            "set_up": list(set_up),
        }
        ours, theirs = socket.socketpair()
        with ours:
            ours.settimeout(START_TIMEOUT_S)
            try:
                with theirs:
                    packet = [json.dumps(request).encode()]
                    socket.send_fds(self._connection, packet, [theirs.fileno(), *descriptors])
                answer = ours.recv(100)
            except OSError as error:
                raise ForkServerError(self._explain_end()) from error
        if not answer:
            raise ForkServerError(self._explain_end())
        return int(answer)

    def _explain_end(self) -> str:
        log = self._log.read_text(errors="replace")[-2000:]
        return f"The fork server {f'ended: {log}' if log else 'was killed, perhaps for want of memory'}"

    def is_alive(self) -> bool:
        """Return whether the server still runs: whether the other end of the connection is open."""
        poll = select.poll()
        poll.register(self._connection, 0)
        return not poll.poll(0)

    def close(self) -> None:
        """Hang up, and end the server if it was started here."""
        self._connection.close()
        if os.getpid() == self._owner:
            self.process.kill()
            self.process.wait()
