"""What confined code tries and must not get, in order to prove its sandbox.

Each attempt returns whether it got what it wanted; an OSError or MemoryError counts as no. The names are shown.
"""

import ctypes
import mmap
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from helpers.grading.sandbox.probes.target import Target

TRACE_ME, SEIZE = 0, 0x4206  # seizing does not stop a process
MEGABYTE = 1 << 20


def read_outside(target: Target) -> bool:
    """Read a file that lies outside."""
    return target.token in target.secret.read_text(encoding="utf-8")


def write_outside(target: Target) -> bool:
    """Make a file in any of the folders that students would find worth it."""
    for folder in (target.secret.parent, target.readable.parent, target.home, Path("/"), Path("/dev/shm")):
        try:
            (folder / f"written-{target.token}").write_text("", encoding="utf-8")
        except OSError:
            continue
        if folder != Path("/dev/shm"):  # one of its own is allowed: the prober looks into the real one
            return True
    return False


def list_home(target: Target) -> bool:
    """See what is in the home folder."""
    return bool(target.home_names & set(os.listdir(target.home)))


def connect_outside(target: Target) -> bool:
    """Connect to a server on this machine."""
    with socket.create_connection(("127.0.0.1", target.port), timeout=2):
        return True


def signal_outside(target: Target) -> bool:
    """Send a signal, one that is ignored, to the prober."""
    os.kill(target.process, signal.SIGURG)
    return False  # that number may be another process in here: the prober knows whether it got the signal


def read_environment(target: Target) -> bool:
    """Find the token in the variables that a process was started with."""
    for process in (target.process, os.getppid(), "self"):
        try:
            found = Path(f"/proc/{process}/environ").read_bytes()
        except OSError:
            continue
        if target.token.encode() in found:
            return True
    return False


def trace_process(target: Target) -> bool:
    """Trace the prober, or let oneself be traced."""
    libc = ctypes.CDLL(None)
    return any(libc.ptrace(*arguments, None, None) == 0 for arguments in ((SEIZE, target.process), (TRACE_ME, 0)))


def use_more_memory(target: Target) -> bool:
    """Map more memory than a process may have."""
    with mmap.mmap(-1, (target.limits.memory_mb + 64) * MEGABYTE):
        return True


def write_larger_file(target: Target) -> bool:
    """Write past the largest size of a file."""
    with open("large", "wb") as large:
        os.pwrite(large.fileno(), b"x", target.limits.file_mb * MEGABYTE + 1)
        return True


def start_more_processes(target: Target) -> bool:
    """Have more processes at once than allowed."""
    release, held = os.pipe()
    children = []
    try:
        for _ in range(target.limits.processes + 8):
            child = os.fork()
            if child == 0:
                os.close(held)
                os.read(release, 1)
                os._exit(0)
            children.append(child)
        time.sleep(1)  # time for the supervisor to notice
        return True
    finally:
        os.close(held)
        for child in children:
            os.waitpid(child, 0)


MUST_FAIL: dict[str, Callable[[Target], bool]] = {
    "read a file outside": read_outside,
    "write outside": write_outside,
    "list the home folder": list_home,
    "connect to a local server": connect_outside,
    "signal a process outside": signal_outside,
    "read the grader's environment variables": read_environment,
    "trace a process": trace_process,
    "use more memory than allowed": use_more_memory,
    "write a larger file than allowed": write_larger_file,
    "start more processes than allowed": start_more_processes,
}
