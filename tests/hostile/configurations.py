"""The configurations of the suite: who grades, and with which sandbox. Each runs in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.attacks import Attack
from tests.hostile.suite import list_harmless_attacks, list_judge_attacks, list_sandbox_attacks
from tests.hostile.table import join_parts, write_part
from tests.support.ordinary_user import run_as_ordinary_user

REPOSITORY = Path(__file__).resolve().parents[2]
MAX_S = 1_200.0  # every attack ends by a limit of its own; this is for a suite that is broken
NOT_AVAILABLE = "not available"


class NotAvailable(RuntimeError):
    """The configuration's sandbox does not work here; the message says why."""


@dataclass(frozen=True)
class Configuration:
    """One way to grade. `user` is root, ordinary, or whoever runs this; `backend` None: the one that is chosen."""

    name: str
    user: str
    backend: str | None
    attacks: tuple[Attack, ...]

    @property
    def problem(self) -> str:
        """Say why this configuration cannot be tried here; "" if nothing speaks against it."""
        if sys.platform != "linux":
            return "the sandbox is Linux's"
        return "this is not root" if self.user == "root" and os.geteuid() != 0 else ""


def list_configurations() -> dict[str, Configuration]:
    """Return all configurations by name."""
    sandbox = tuple(list_sandbox_attacks())
    found = [
        Configuration(f"{user}-{backend}", user, backend, sandbox)
        for user in ("root", "ordinary")
        for backend in ("namespaces", "landlock")
    ]
    found.append(Configuration("judge", "anybody", None, tuple(list_judge_attacks())))
    return {configuration.name: configuration for configuration in found}


UNPROTECTED = Configuration("unprotected", "anybody", "none", tuple(list_harmless_attacks()))
"""No sandbox at all: here every attack must succeed, or the suite would notice nothing."""


def run_configuration(configuration: Configuration, names: Iterable[str] = ()) -> list[dict]:
    """Try the attacks of a configuration, or those named, and return a row of each; write the rows to build/.

    What is printed on the way goes to stderr. Raises NotAvailable if its sandbox does not work here.
    """
    if configuration.problem:
        raise NotAvailable(configuration.problem)
    command = [sys.executable, "-m", "tests.hostile", "--here", configuration.name, *names]
    options = {"cwd": REPOSITORY, "stdout": subprocess.PIPE, "text": True, "timeout": MAX_S}
    run = run_as_ordinary_user if configuration.user == "ordinary" else subprocess.run
    rows = [json.loads(line) for line in run(command, **options).stdout.splitlines()]
    if rows and NOT_AVAILABLE in rows[0]:
        raise NotAvailable(rows[0][NOT_AVAILABLE])
    if not names and configuration is not UNPROTECTED:
        write_part(configuration.name, rows)
        join_parts()
    return rows
