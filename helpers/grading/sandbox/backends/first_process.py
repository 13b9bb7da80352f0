"""The first process of a sandbox that runs student code: what it does to itself before."""

import contextlib
import ctypes
import os
import socket
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.sandbox.linux import identity, kernel
from helpers.grading.sandbox.linux.descriptors import close_others, reset_signals
from helpers.grading.sandbox.linux.limits import set_limits
from helpers.grading.sandbox.settings import SandboxLimits
from helpers.grading.sandbox.watch.supervisor import send_event

FAILED_STATUS = 70


@dataclass(frozen=True)
class Start:
    """What the first process needs. `prepare` is called while it still has its rights; what it returns confines it."""

    run: Callable[[], None]
    control: socket.socket
    keep: tuple[int, ...]
    limits: SandboxLimits
    scratch: str
    who: identity.Identity
    prepare: Callable[[], Callable[[], None]]
    other_tasks: int = 0
    kept_capability: int | None = None


def start_confined(start: Start) -> int:
    """Fork the process that confines itself and calls `start.run`; return its number. The child never returns."""
    supervisor = os.getpid()
    process = os.fork()
    if process:
        return process
    status = FAILED_STATUS
    try:
        _confine_self(start, supervisor)
        start.control.close()
        status = 1
        start.run()
        status = 0
    except Exception as error:
        if status == FAILED_STATUS:
            send_event(start.control, "failed", why=f"{type(error).__name__}: {error}")
        traceback.print_exc()
    finally:
        os._exit(status)


def _confine_self(start: Start, supervisor: int) -> None:
    os.setsid()
    kernel.control_process(kernel.PR_SET_DUMPABLE, 1)
    reset_signals(as_python=True)
    close_others({start.control.fileno(), *start.keep})
    enforce = start.prepare()
    set_limits(start.limits, other_tasks=start.other_tasks)
    set_environment(start.scratch)
    os.chdir(f"{start.scratch}/work")
    os.umask(0o077)
    identity.become(start.who, keep=start.kept_capability)
    kernel.control_process(kernel.PR_SET_DUMPABLE, 1)  # the change of user took it away, and with it /proc/self
    kernel.end_with_parent(supervisor)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    enforce()


def set_environment(scratch: str) -> None:
    """Point all variables that name folders for files into the scratch folder."""
    home = f"{scratch}/home"
    os.environ |= {
        "HOME": home,
        "TMPDIR": f"{scratch}/tmp",
        "XDG_CACHE_HOME": f"{home}/.cache",
        "XDG_CONFIG_HOME": f"{home}/.config",
        "XDG_DATA_HOME": f"{home}/.local/share",
        "XDG_STATE_HOME": f"{home}/.local/state",
        "XDG_RUNTIME_DIR": f"{scratch}/tmp",
        "USER": "student",
        "LOGNAME": "student",
    }
    tempfile.tempdir = None
    _wipe_first_environment()


def _wipe_first_environment() -> None:
    """Overwrite the variables that this program was started with: /proc/self/environ shows them for ever."""
    os.environ |= dict(os.environ)  # copies each value away from there
    fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    first, end = int(fields[47]), int(fields[48])  # env_start and env_end
    if 0 < first < end:
        ctypes.memset(first, 0, end - first)
