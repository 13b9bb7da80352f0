"""Start the fork server, and ask it for a notebook's processes."""

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from helpers.grading.notebooks import HEADLESS_ENVIRONMENT, ROOT
from helpers.grading.sandbox.settings import Limits, find_environment

START_TIMEOUT_S = 180
SEEN_BY_STUDENTS = ("kernels", "sandbox")  # of helpers/grading, the only parts the server needs


class ForkServerError(RuntimeError):
    """The fork server did not start, or has gone."""


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
        "OPENBLAS_NUM_THREADS": "1",
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
    """A process that has imported everything and forks confined notebooks; one for each worker."""

    def __init__(self, runtime: Path, *, backend: str, limits: Limits | None = None) -> None:
        self.runtime, self.backend, self.limits = runtime, backend, limits or Limits()
        ours, theirs = socket.socketpair()
        (runtime / "home").mkdir(exist_ok=True)
        command = [sys.executable, "-P", "-m", "helpers.grading.kernels.server", str(theirs.fileno())]
        with (runtime.parent / f"server-{os.getpid()}.log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                env=make_environment(runtime),
                cwd=runtime,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        theirs.close()
        self._connection = ours
        ours.settimeout(START_TIMEOUT_S)
        self._expect_line()

    @property
    def readable(self) -> list[str]:
        """Folders that submitted code may read: this environment, Python's own files, and the copied helpers."""
        return [str(folder) for folder in (*find_environment(), self.runtime)]

    def fork(self, work: str, descriptors: list[int]) -> int:
        """Let the server fork a notebook that works in a copy of `work`; return its first process's number."""
        request = {
            "backend": self.backend,
            "readable": self.readable,
            "work": work,
            "limits": asdict(self.limits),
        }
        try:
            socket.send_fds(self._connection, [json.dumps(request).encode()], descriptors)
            return int(self._expect_line())
        except OSError as error:
            raise ForkServerError(f"The fork server has gone: {error}") from error

    def _expect_line(self) -> str:
        line = self._connection.recv(100).decode()
        if not line:
            log = (self.runtime.parent / f"server-{os.getpid()}.log").read_text(errors="replace")[-2000:]
            reason = f"did not start:\n{log}" if log else "was killed, perhaps for want of memory"
            raise ForkServerError(f"The fork server {reason}")
        return line.strip()

    def is_alive(self) -> bool:
        """Return whether the server still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server."""
        self._connection.close()
        self._process.kill()
        self._process.wait()
