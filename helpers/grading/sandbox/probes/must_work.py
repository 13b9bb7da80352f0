"""What confined code has to be able to do: a sandbox in which nothing works proves nothing."""

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from helpers.grading.sandbox.probes.target import Target


def write_scratch(target: Target) -> bool:
    """Make a folder and a file in the scratch folder."""
    Path("sub").mkdir()
    Path("sub/file").write_text("text", encoding="utf-8")
    return Path("sub/file").read_text(encoding="utf-8") == "text"


def read_readable(target: Target) -> bool:
    """Read a file that the view names."""
    return target.token in target.readable.read_text(encoding="utf-8")


def read_handed_in(target: Target) -> bool:
    """Read the copy of a file that was handed in."""
    return target.token in Path("handed-in.txt").read_text(encoding="utf-8")


def import_module(target: Target) -> bool:
    """Import a module that nothing has imported yet."""
    return importlib.import_module("colorsys") is not None


def start_python(target: Target) -> bool:
    """Start this Python as a program."""
    return subprocess.run([sys.executable, "-IS", "-c", "raise SystemExit(7)"], timeout=30).returncode == 7


MUST_WORK: dict[str, Callable[[Target], bool]] = {
    "write in the scratch folder": write_scratch,
    "read what may be read": read_readable,
    "read the files handed in": read_handed_in,
    "import a module": import_module,
    "start Python": start_python,
}
