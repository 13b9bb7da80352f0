"""Submissions that attack whoever takes in, restores and judges: functions that say in words what they try.

Each module registers its own; `ATTACKS` holds them all once they have been imported by suite.py.
"""

import json
from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from helpers.grading.records import GRADED, TAMPERED, UNREADABLE
from tests.hostile.attacks import Attack, Handin
from tests.hostile.exercise import NAME

ATTACKS: list[Attack] = []


def change(*, statuses: tuple[str, ...] = (TAMPERED,), points: float | None = 6) -> Callable:
    """Make an attack of a function that changes an honest notebook."""

    def register(spoil: Callable[[NotebookNode], None]) -> Callable:
        def write(handin: Handin) -> None:
            spoil(handin.notebook)
            nbformat.write(handin.notebook, handin.folder / f"{NAME}.ipynb")

        return _register(spoil, write, statuses, points)

    return register


def file(*, statuses: tuple[str, ...] = (UNREADABLE,), points: float | None = 0) -> Callable:
    """Make an attack of a function that returns the text or bytes of a notebook's file, given an honest notebook."""

    def register(make: Callable[[dict], bytes | str]) -> Callable:
        def write(handin: Handin) -> None:
            made = make(json.loads(nbformat.writes(handin.notebook)))
            data = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
            (handin.folder / f"{NAME}.ipynb").write_bytes(data)

        return _register(make, write, statuses, points)

    return register


def folder(*, statuses: tuple[str, ...] = (GRADED,), points: float | None = 6) -> Callable:
    """Make an attack of a function that writes whatever it likes below the class's folder."""
    return lambda write: _register(write, write, statuses, points)


def _register(function: Callable, write: Callable[[Handin], None], statuses: tuple[str, ...], points) -> Callable:
    name = function.__name__.replace("_", "-")
    ATTACKS.append(Attack(name, function.__doc__, statuses, points, write=write))
    return function


def write_notebook(handin: Handin) -> None:
    """Write the honest notebook into the attacker's folder."""
    nbformat.write(handin.notebook, handin.folder / f"{NAME}.ipynb")
