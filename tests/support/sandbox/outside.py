"""What lies around a sandbox while hostile code runs in it."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.grading.notebooks.paths import ROOT
from tests.support.ordinary_user import USER
from tests.support.sandbox.program import make_open_folders, run_case

TOKEN = "sandbox-token-5f1c"
SANDBOXES = [
    pytest.param((user, backend, version), id=f"{user}-{backend}{version or ''}")
    for user in ("as_is", "ordinary")
    for backend, version in (("namespaces", None), ("landlock", None), ("landlock", 4), ("landlock", 1))
]


@dataclass
class Outside:
    """Files and servers that confined code must not reach, and one folder that it may read."""

    folder: Path
    request: dict
    user: str

    def run(self, case: str, **arguments) -> list | dict:
        """Run an attack and return its report."""
        request = self.request | {"case": case, "arguments": arguments}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SANDBOX_SECRET", TOKEN)
            result = run_case(request, user=self.user, temporary=self.folder / "temporary")
        assert result["left"] == []
        assert result["events"][-1]["event"] == "usage", result
        assert result["report"], result
        return result["report"][0]

    def describe(self) -> dict[str, tuple]:
        """Return all there is to know about the files, whose change times tell of every change."""
        found = {}
        for path in (path for name in ("secret", "shown", "work") for path in self.folder.glob(f"{name}/**/*")):
            state = path.lstat()
            found[str(path)] = (state.st_mode, state.st_uid, state.st_size, state.st_nlink, state.st_ctime_ns)
        return found


@contextlib.contextmanager
def make_outside(user: str, backend: str, version: int | None) -> Iterator[Outside]:
    """Lay out files around a sandbox; they belong to its own user, so that only the sandbox protects them."""
    with make_open_folders("secret", "shown", "work") as top:
        for name in ("secret", "shown", "work"):
            (top / name / "file.txt").write_text(TOKEN)
            (top / name / "file.txt").chmod(0o777)
            if os.geteuid() == 0 and user == "ordinary":
                for path in (top / name, top / name / "file.txt"):
                    os.chown(path, USER, USER)
        settings = {
            "backend": backend,
            "landlock_version": version,
            "work": str(top / "work"),
            "readable": [str(top / "shown"), str(ROOT / "tests")],
        }
        yield Outside(top, settings, user)
