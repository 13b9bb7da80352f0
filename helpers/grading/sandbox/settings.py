"""What a sandbox is asked for: what may be read, where work goes, and how much of everything there is."""

import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

BACKENDS = ("namespaces", "landlock")  # in the order in which they are tried
SYSTEM_FOLDERS = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/sbin",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ssl/certs",
)
SYSTEM_FILES = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/localtime", "/etc/nsswitch.conf", "/etc/ssl/openssl.cnf"),
    *("/etc/mime.types", "/etc/os-release"),  # mimetypes, which urllib uses, and platform read these
)
DEVICES = ("null", "zero", "full", "random", "urandom")
CPU_FOLDER = "/sys/devices/system/cpu"
SCRATCH_FOLDERS = ("work", "home", "tmp", "shm")


class SandboxError(RuntimeError):
    """The sandbox does not work here; the message says what to do about it."""


@dataclass(frozen=True)
class View:
    """What confined code sees: `readable` read-only at the same paths, and a copy of `work`, its current folder."""

    readable: tuple[Path, ...]
    work: Path


@dataclass(frozen=True)
class SandboxLimits:
    """What confined code may use. Memory is address space a process beyond the fork's own, and resident in all."""

    memory_mb: int = 4096
    total_memory_mb: int = 6144
    processes: int = 40  # threads count as well, and up to 18 snapshots that wait for a notebook's hidden checks
    file_mb: int = 128
    scratch_mb: int = 512
    scratch_files: int = 20_000
    open_files: int = 512


def find_environment() -> tuple[Path, ...]:
    """Return the folders that this Python needs, as they are named and with links resolved."""
    named = {sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    folders = {Path(folder) for folder in named} | {Path(folder).resolve() for folder in named}
    return tuple(sorted(folders))
