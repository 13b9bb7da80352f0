"""Run a command with all its descendants: their seconds, their CPU-seconds, their memory, and whether any stays.

Linux only. The caller becomes a subreaper: a process whose parent has gone comes to it, so that the CPU time of
every descendant is counted, however deep, and none is missed.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.sandbox.linux import kernel
from tests.bench_grading.memory import Watch, list_descendants, sample_memory

GRACE_S = 20.0  # then what is still there after the command has ended is killed


@dataclass(frozen=True)
class Usage:
    """What a command took: `peak_mb` is the largest sum of its processes' PSS; `left_over` had to be killed."""

    status: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    left_over: int


def run_measured(
    command: Sequence[str],
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    watch: Watch | None = None,
) -> Usage:
    """Run a command in `folder`, its output in `log`, and return what it and all its descendants took.

    `watch` is called with the command's process id and the memory of each process, every few seconds.
    """
    adopt_orphans()
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    with sample_memory(process.pid, watch) as peak:
        status, cpu_s, wall_s, left_over = _reap_all(process, started)
    return Usage(status, wall_s, cpu_s, peak_mb=peak[0], left_over=left_over)


def adopt_orphans() -> None:
    """Let descendants whose parent dies become children of this process."""
    if sys.platform != "linux":
        raise OSError("Descendants can be followed on Linux only. Run this in a Linux container.")
    kernel.control_process(kernel.PR_SET_CHILD_SUBREAPER, 1)


def _reap_all(process: subprocess.Popen, started: float) -> tuple[int, float, float, int]:
    """Wait for every child; return the command's status, CPU-s of all, the command's wall time, who outlived it."""
    cpu_s, ended, killed = 0.0, 0.0, []
    timer = threading.Timer(GRACE_S, end_descendants, [killed])
    while True:
        try:
            pid, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu_s += usage.ru_utime + usage.ru_stime
        if pid == process.pid:
            process.returncode, ended = os.waitstatus_to_exitcode(status), time.monotonic()
            timer.start()
    timer.cancel()
    return process.returncode, cpu_s, ended - started, len(killed)


def end_descendants(killed: list[int]) -> None:
    """Kill every descendant of this process, each by its id, which is added to `killed`."""
    for pid in list_descendants(os.getpid()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
