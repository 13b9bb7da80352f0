"""What the attempts of a confined process aim at, and how one attempt is made."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.sandbox.settings import SandboxLimits


@dataclass(frozen=True)
class Target:
    """What the prober has laid out outside: a process, files with a token in them, a server; and the limits."""

    process: int
    token: str
    readable: Path
    secret: Path
    port: int
    home: Path
    home_names: frozenset[str]  # what is in the home folder and not on the way to something that may be seen
    limits: SandboxLimits


def attempt(wanted: Callable[[Target], bool], target: Target) -> tuple[bool, str]:
    """Return whether an attempt got what it wanted, and the error that kept it from that."""
    try:
        return wanted(target), ""
    except (OSError, MemoryError, subprocess.SubprocessError) as error:
        return False, f"{type(error).__name__}: {error}"
