"""Tell which of the exercise's notebooks a notebook is, by what is in it: its file may bear any name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from helpers.grading.notebooks.paths import RELEASE, list_notebooks, read_notebook

ENOUGH = 0.5
"""The share of a released notebook's marks that a notebook must hold to be recognised."""


@dataclass(frozen=True)
class ReleasedNotebook:
    """A notebook as it was handed out, and what marks it: by kind of mark, those that no other notebook has."""

    name: str
    marks: dict[str, frozenset[str]]
    notebook: NotebookNode

    def measure_share(self, marks: dict[str, set[str]]) -> float:
        """Return the share of this notebook's marks that are among `marks`, of the kind of which most are."""
        return max(len(own & marks[kind]) / len(own) if own else 0.0 for kind, own in self.marks.items())


def read_release(folder: Path = RELEASE) -> tuple[ReleasedNotebook, ...]:
    """Return the notebooks of the release in `folder`, in order, with their marks."""
    notebooks = {path.stem: read_notebook(path) for path in list_notebooks(folder)}
    found = {name: collect_marks(notebook) for name, notebook in notebooks.items()}
    released = []
    for name, marks in found.items():
        others = [other for other_name, other in found.items() if other_name != name]
        own = {kind: frozenset(signs.difference(*(other[kind] for other in others))) for kind, signs in marks.items()}
        released.append(ReleasedNotebook(name, own, notebooks[name]))
    return tuple(released)


def collect_marks(notebook: NotebookNode) -> dict[str, set[str]]:
    """Return a notebook's marks: nbgrader's grade ids, cell ids, and the texts of cells that students do not edit."""
    marks: dict[str, set[str]] = {"grade_id": set(), "cell_id": set(), "source": set()}
    for cell in notebook.cells:
        for kind, mark in _list_marks(cell):
            marks[kind].add(mark)
    return marks


def _list_marks(cell: NotebookNode) -> Iterator[tuple[str, str]]:
    nbgrader = cell.metadata.get("nbgrader", {})
    if isinstance(nbgrader.get("grade_id"), str):
        yield "grade_id", nbgrader["grade_id"]
    if cell.cell_type == "code":
        yield "cell_id", cell.get("id", "")
        if nbgrader.get("solution") is not True:
            yield "source", fold_source(cell)


def fold_source(cell: NotebookNode) -> str:
    """Return a cell's text for comparing, without regard to blanks."""
    return re.sub(r"\s+", " ", cell.source).strip()


def find_released(notebook: NotebookNode, stem: str, released: tuple[ReleasedNotebook, ...]) -> ReleasedNotebook | None:
    """Return which released notebook this is: by its content, else by its file's name without ending, else None."""
    marks = collect_marks(notebook)
    best = max(released, key=lambda candidate: (candidate.measure_share(marks), candidate.name == stem), default=None)
    if best is not None and best.measure_share(marks) >= ENOUGH:
        return best
    return next((candidate for candidate in released if candidate.name.casefold() == stem.casefold()), None)
