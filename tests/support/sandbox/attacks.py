"""What hostile code in a sandbox tries; each function returns the names of what it got done, or should not have seen.

Should a sandbox fail, nothing here may harm the machine: the only processes that are aimed at are the sandbox's own
and a victim that the test has started, and settings are written as they are.
"""

import contextlib
import ctypes
import fcntl
import mmap
import os
import resource
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path

from helpers.grading.sandbox.linux.syscalls import number_calls

libc = ctypes.CDLL(None, use_errno=True)
X32 = 0x40000000


def list_successes(tries: dict[str, Callable]) -> list[str]:
    """Return the names of the tries that raised no error and did not return False."""
    done = []
    for name, try_it in tries.items():
        try:
            if try_it() is not False:
                done.append(name)
        except (OSError, ValueError):
            pass
    return done


def call(name: str | int, *arguments) -> int:
    """Make a system call; raises OSError."""
    number = number_calls()[name] if isinstance(name, str) else name
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def attack_kernel() -> list[str]:
    """Calls that change what the sandbox is made of, or widen the kernel's surface."""
    buffer = ctypes.create_string_buffer(256)
    text = ctypes.c_char_p(b"x")
    return list_successes(
        {
            "unshare user": lambda: call("unshare", 0x10000000),
            "unshare mount": lambda: call("unshare", 0x20000),
            "clone user": lambda: call("clone", 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0),
            "clone3": lambda: call("clone3", buffer, 88) or os._exit(0),
            "setns": lambda: call("setns", os.open("/proc/self/status", os.O_RDONLY), 0),
            "mount": lambda: call("mount", text, ctypes.c_char_p(b"."), ctypes.c_char_p(b"tmpfs"), 0, None),
            "chroot": lambda: call("chroot", ctypes.c_char_p(b".")),
            "open_tree": lambda: call("open_tree", -100, ctypes.c_char_p(b"/"), 1),
            "fsopen": lambda: call("fsopen", ctypes.c_char_p(b"tmpfs"), 0),
            "keyctl": lambda: call("keyctl", 0, -3, 1),
            "add_key": lambda: call("add_key", ctypes.c_char_p(b"user"), text, text, 1, -3),
            "bpf": lambda: call("bpf", 0, buffer, 64),
            "perf": lambda: call("perf_event_open", buffer, 0, -1, -1, 0),
            "userfaultfd": lambda: call("userfaultfd", 1),
            "io_uring": lambda: call("io_uring_setup", 4, buffer),
            "memfd": lambda: call("memfd_create", text, 0),
            "handle": lambda: call("name_to_handle_at", -100, ctypes.c_char_p(b"/"), buffer, buffer, 0),
            "personality": lambda: call("personality", 0x40000),
            "other processor mode": lambda: call(X32 | 39),
            "unknown call": lambda: call(467, 0, 0, 0),
            "host name": lambda: socket.sethostname(socket.gethostname()),
            "core dumps": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
            "raise limit": lambda: resource.setrlimit(resource.RLIMIT_NPROC, (100_000, 100_000)),
            "write kernel setting": lambda: os.open("/proc/sys/kernel/hostname", os.O_WRONLY),
            "write cpu setting": lambda: os.open("/sys/devices/system/cpu/cpu1/online", os.O_WRONLY),
            "write device": lambda: os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0)),
        }
    )


def attack_terminal() -> list[str]:
    """Put words into a terminal; in namespaces there are pseudo-terminals to try it on."""
    descriptor = os.open("/dev/null", os.O_RDWR)
    with contextlib.suppress(OSError):
        descriptor = os.openpty()[1]
    return list_successes({"TIOCSTI": lambda: fcntl.ioctl(descriptor, 0x5412, b"x")})


def list_targets(victim: int, machine: str) -> list[int]:
    """Return the victim and the supervisor, but never process 1 of the machine, whose child an orphan becomes.

    `machine` names the namespace of the machine's process numbers, as /proc/self/ns/pid gives it.
    """
    try:
        own_numbers = os.readlink("/proc/self/ns/pid") != machine
    except OSError:
        own_numbers = False
    return [victim, os.getppid()] if own_numbers or os.getppid() > 1 else [victim]


def attack_processes(victim: int, machine: str) -> list[str]:
    """Reach for the supervisor and for a process outside: their memory, limits, priorities, and tracing.

    The limit is that of core files: a process that gets it, and all that it starts, can still be used.
    """
    tries: dict[str, Callable] = {"trace me": lambda: libc.ptrace(0, 0, None, None) == 0}
    for number in list_targets(victim, machine):
        for name in ("mem", "environ", "maps", "fd", "root", "cwd", "auxv", "fdinfo"):
            tries[f"{number} {name}"] = lambda path=f"/proc/{number}/{name}": _open(path)
        tries |= {
            f"trace {number}": lambda number=number: libc.ptrace(16, number, None, None) == 0,
            f"limit {number}": lambda number=number: resource.prlimit(number, resource.RLIMIT_CORE, (0, 0)),
            f"nice {number}": lambda number=number: os.setpriority(os.PRIO_PROCESS, number, 19),
            f"pin {number}": lambda number=number: os.sched_setaffinity(number, {0}),
            f"schedule {number}": lambda number=number: os.sched_setscheduler(number, 5, os.sched_param(0)),
        }
    return list_successes(tries)


def _open(path: str) -> None:
    os.listdir(path) if os.path.isdir(path) else Path(path).read_bytes()


def attack_by_signals(victim: int, machine: str) -> list[str]:
    """Send everything to the victim and the supervisor, and to everyone at once; then say that this is still alive."""
    numbers = set(signal.valid_signals())
    for number in numbers - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    targets = list_targets(victim, machine)
    to_all = numbers - {signal.SIGKILL, signal.SIGSTOP} if 1 in targets else {signal.SIGURG}  # ignored by default
    for number in numbers:
        for other in targets:
            list_successes({"kill": lambda other=other, number=number: os.kill(other, number)})
    for number in to_all:
        list_successes({"group": lambda number=number: os.kill(0, number), "all": lambda n=number: os.kill(-1, n)})
    handle = os.open("/dev/null", os.O_RDONLY)
    return list_successes({"choose who gets a signal": lambda: os.getppid() > 1 and fcntl.fcntl(handle, 8, victim)})


def attack_by_old_calls() -> list[int]:
    """Make a 32-bit system call (getpid) from 64-bit code in a child; return how the child ended."""
    child = os.fork()
    if child == 0:
        code = bytes.fromhex("b814000000cd80c3")  # mov eax, 20; int 0x80; ret
        page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(code)
        ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
        os._exit(0)
    return [os.waitpid(child, 0)[1]]


def read_status() -> dict[str, str]:
    """Return this process's privileges as the kernel tells them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    wanted = ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
    return {key: " ".join(value.split()) for key, _, value in (line.partition(":") for line in lines) if key in wanted}
