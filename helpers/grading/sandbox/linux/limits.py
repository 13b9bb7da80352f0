"""Set the kernel's own limits on a process and all that it starts."""

import contextlib
import os
import resource

from helpers.grading.sandbox.settings import SandboxLimits

MEGABYTE = 1 << 20
MAX_STACK_MB, LOCKED_MEMORY_KB = 64, 64


def set_limits(limits: SandboxLimits, *, other_tasks: int) -> None:
    """Limit this process. `other_tasks` of the same user are not counted as its own (see count_tasks)."""
    with open("/proc/self/statm", encoding="ascii") as sizes:
        mapped = int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    wanted = {
        resource.RLIMIT_AS: mapped + limits.memory_mb * MEGABYTE,
        resource.RLIMIT_FSIZE: limits.file_mb * MEGABYTE,
        resource.RLIMIT_NPROC: limits.processes + other_tasks,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_MEMLOCK: LOCKED_MEMORY_KB << 10,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_CORE: 1,  # bytes: no file, and no program to pipe it to, which 0 would still start
    }
    for kind, value in wanted.items():
        _lower(kind, value)
    soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
    _lower(resource.RLIMIT_STACK, MAX_STACK_MB * MEGABYTE, soft=8 * MEGABYTE if soft < 0 else soft)


def _lower(kind: int, value: int, *, soft: int | None = None) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value if soft is None else min(soft, value), value))


def count_tasks(user: int) -> int:
    """Return how many processes and threads a user has on this machine: RLIMIT_NPROC counts them all."""
    tasks = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, LookupError, ValueError), open(f"/proc/{name}/status", "rb") as lines:
            fields = dict(line.split(b":", 1) for line in lines if line.startswith((b"Uid:", b"Threads:")))
            if int(fields[b"Uid"].split()[0]) == user:
                tasks += int(fields[b"Threads"])
    return tasks
