"""A grader or a fork server that is killed takes its sandboxes with it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import ordinary_user
from tests.support.sandbox import program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
PATIENCE_S = 30.0


def wait_until_gone(processes: list[int], folders: set[Path]) -> list:
    """Return what is still there after a while; a zombie that waits for its parent counts as gone."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        left = [number for number in processes if read_state(number) not in ("", "Z", "X")]
        left += [folder for folder in folders if folder.exists()]
        if not left:
            return []
        time.sleep(0.05)
    return left


def read_state(number: int) -> str:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@pytest.mark.parametrize("user", ["as_is", "ordinary"])
@pytest.mark.parametrize("backend", ["namespaces", "landlock"])
@pytest.mark.parametrize("killed", ["grader", "fork server"])
def test_killed(user, backend, killed):
    with program.make_open_folders("work") as top:
        request = {
            "case": "stay_with_child",
            "backend": backend,
            "work": str(top / "work"),
            "fork_server": killed == "fork server",
            "commands": [["print processes", 1.0]],
        }
        grader = start_grader(user, request, temporary=top / "temporary")
        try:
            processes = json.loads(grader.stdout.readline())
            assert len(processes) >= 4
            folders = set((top / "temporary").iterdir())
            assert len(folders) == (backend == "landlock")
            os.kill(grader.pid if killed == "grader" else processes[0], signal.SIGKILL)
            assert wait_until_gone(processes, folders) == []
        finally:
            grader.kill()
            grader.wait()
            grader.stdout.close()


def start_grader(user: str, request: dict, *, temporary: Path) -> subprocess.Popen:
    """Start program.py; unlike run_case, return while it runs."""
    wrapper = [sys.executable, ordinary_user.__file__] if user == "ordinary" and os.geteuid() == 0 else []
    grader = subprocess.Popen(
        [*wrapper, sys.executable, program.__file__],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3]), "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    grader.stdin.write(json.dumps(request))
    grader.stdin.close()
    return grader
