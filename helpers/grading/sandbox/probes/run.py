"""Prove a backend: run a tiny confined process that tries what must fail and what must work.

python -m helpers.grading.sandbox.probes.run BACKEND [LANDLOCK_VERSION] prints a line of JSON for each probe. It is
a process of its own, since a fork needs a process with a single thread; choose.py starts it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers.grading.sandbox.enter import SandboxLimits, View, run_confined
from helpers.grading.sandbox.probes.layout import find_traces, lay_out
from helpers.grading.sandbox.probes.must_fail import MUST_FAIL
from helpers.grading.sandbox.probes.must_work import MUST_WORK
from helpers.grading.sandbox.probes.target import Target, attempt
from helpers.grading.sandbox.settings import find_environment

PROBE_LIMITS = SandboxLimits(memory_mb=256, total_memory_mb=512, processes=12, file_mb=1, scratch_mb=8, open_files=64)
TOKEN_VARIABLE = "SANDBOX_PROBE_TOKEN"
MAX_S = 20.0


@dataclass(frozen=True)
class SandboxProbe:
    """One probe: what was tried, whether that must work, whether it did, and the error if not."""

    name: str
    must_work: bool
    worked: bool
    detail: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it came out as it must."""
        return self.worked == self.must_work


def probe(backend: str, *, landlock_version: int | None = None) -> list[SandboxProbe]:
    """Try a backend in this process, which needs to have a single thread and TOKEN_VARIABLE in its environment."""
    token = os.environ.pop(TOKEN_VARIABLE)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGURG])  # a signal that comes stays pending
    with (
        tempfile.TemporaryDirectory(prefix="sandbox-probe-") as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        target = lay_out(Path(folder), token, port=server.getsockname()[1], limits=PROBE_LIMITS)
        lines, events = _run(backend, target, landlock_version)
        found = {line["name"]: SandboxProbe(**line) for line in lines}
        return _judge(found, events, find_traces(Path(folder), token, server))


def _run(backend: str, target: Target, landlock_version: int | None) -> tuple[list[dict], list[dict]]:
    """Fork the sandbox; return what its process reported, and what its supervisor did."""
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.setsid()
        run_confined(
            lambda: _try_all(target, writing),
            backend=backend,
            view=View((*find_environment(), target.readable.parent), target.secret.parents[1] / "work"),
            limits=target.limits,
            control=theirs,
            keep=(writing,),
            landlock_version=landlock_version,
        )
    os.close(writing)
    theirs.close()
    lines = _read_lines(reading)
    with contextlib.suppress(OSError):  # it has ended already
        ours.sendall(b'{"do": "end"}\n')
    events = _read_lines(ours.detach())
    os.waitpid(process, 0)
    return lines, events


def _try_all(target: Target, writing: int) -> None:
    slow = "start more processes than allowed"  # last, since the supervisor may end everything for it
    for name, wanted in sorted((MUST_FAIL | MUST_WORK).items(), key=lambda item: item[0] == slow):
        worked, detail = attempt(wanted, target)
        line = asdict(SandboxProbe(name, name in MUST_WORK, worked, detail))
        os.write(writing, json.dumps(line).encode() + b"\n")


def _read_lines(descriptor: int) -> list[dict]:
    data, deadline = b"", time.monotonic() + MAX_S
    while select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
        try:
            part = os.read(descriptor, 65_536)
        except ConnectionResetError:  # the sandbox ended before it read a command
            break
        if not part:
            break
        data += part
    os.close(descriptor)
    return [json.loads(line) for line in data.splitlines() if line.endswith(b"}")]


def _judge(found: dict[str, SandboxProbe], events: list[dict], traces: dict[str, bool]) -> list[SandboxProbe]:
    """Put together what was reported and what was seen; an attempt without a report did not come out right."""
    ended = {event["event"]: event for event in events}
    why = ended.get("failed", {}).get("why", "no report came")
    probes = []
    for name in (*MUST_FAIL, *MUST_WORK):
        stopped = name in MUST_FAIL and ended.get("limit", {}).get("what") == "processes"
        missing = SandboxProbe(name, name in MUST_WORK, name in MUST_FAIL and not stopped, why)
        seen = found.get(name, missing)
        probes.append(SandboxProbe(name, seen.must_work, True, "seen from outside") if traces.get(name) else seen)
    return probes


def main() -> int:
    """Print the probes of one backend."""
    version = int(sys.argv[2]) if len(sys.argv) > 2 else None
    for line in probe(sys.argv[1], landlock_version=version):
        print(json.dumps(asdict(line)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
