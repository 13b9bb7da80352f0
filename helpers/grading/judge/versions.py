"""The versions of a notebook that a class may have been given, and how a student's notebook differs from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

RULES = ("grade", "solution", "locked", "points", "task")


@dataclass(frozen=True)
class HandedOutVersion:
    """One version of a notebook, as it was handed out."""

    notebook: NotebookNode

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """Return its cells by name, in order."""
        return {get_name(cell): cell for cell in self.notebook.cells}

    @cached_property
    def kept(self) -> set[str]:
        """Return the names of the cells that students may not delete."""
        return {name for name, cell in self.cells.items() if _is_fixed(cell) or utils.is_grade(cell)}

    def has_order(self, names: Sequence[str]) -> bool:
        """Return whether those of `names` that it has stand in its own order."""
        present = set(names)
        return [name for name in names if name in self.cells] == [name for name in self.cells if name in present]


def get_name(cell: Mapping) -> Any:
    """Return a cell's grade id, or its cell id if it has none; a student's cell may hold anything in its place."""
    nbgrader = cell["metadata"].get("nbgrader")
    nbgrader = nbgrader if isinstance(nbgrader, Mapping) else {}
    return nbgrader.get("grade_id", cell.get("id"))


def list_changes(cell: Mapping, name: str, versions: Collection[HandedOutVersion]) -> list[str]:
    """Return a sentence for each change to a student's cell, against the version in which it differs least."""
    candidates = [version.cells[name] for version in versions if name in version.cells]
    return min((_compare(cell, name, handed_out) for handed_out in candidates), key=len)


def _compare(cell: Mapping, name: str, handed_out: NotebookNode) -> list[str]:
    changes = []
    metadata, rules = (one["metadata"].get("nbgrader") for one in (cell, handed_out))
    metadata, rules = (one if isinstance(one, Mapping) else {} for one in (metadata, rules))
    if _is_fixed(handed_out) and not has_same_text(cell, handed_out):
        changes.append(f"The cell {name} was changed.")
    if cell["cell_type"] != handed_out.cell_type:
        changes.append(f"The cell {name} was made a {cell['cell_type']} cell.")
    if any(metadata.get(rule) != rules.get(rule) for rule in RULES):
        changes.append(f"The grading data of the cell {name} was changed.")
    if _is_fixed(handed_out) and cell["metadata"].get("tags"):
        changes.append(f"The cell {name} was given tags.")
    return changes


def find_version(cells: Sequence[Mapping], versions: Sequence[HandedOutVersion]) -> HandedOutVersion:
    """Return the version that a student's cells fit best; of several, the first."""
    if len(versions) == 1:
        return versions[0]
    named = {name: cell for cell in cells if isinstance(name := get_name(cell), str)}
    known = set().union(*(version.kept for version in versions)) & named.keys()
    return min(versions, key=lambda version: _count_differences(named, version, known))


def _count_differences(named: Mapping[str, Mapping], version: HandedOutVersion, known: set[str]) -> int:
    """Count cells that are changed, missing or of another version, and one for another order.

    `known` are the names, among those in `named`, of the cells that some version keeps.
    """
    changed = sum(bool(_compare(named[name], name, cell)) for name, cell in version.cells.items() if name in named)
    others = (version.kept - named.keys()) | (known - version.cells.keys())
    return changed + len(others) + (not version.has_order([name for name in named if name in known]))


def is_untouched(source: str, name: str, versions: Collection[HandedOutVersion]) -> bool:
    """Return whether an answer is still what some version holds in its place."""
    return any(name in version.cells and version.cells[name].source == source for version in versions)


def is_former_check(cell: Mapping, name: str, versions: Collection[HandedOutVersion]) -> bool:
    """Return whether a cell is a check that some version holds just so."""
    candidates = [version.cells[name] for version in versions if name in version.cells]
    return any(utils.is_grade(one) and _is_fixed(one) and has_same_text(cell, one) for one in candidates)


def has_same_text(one: Mapping, other: Mapping) -> bool:
    """Return whether two cells hold the same text, but for spaces at the ends of lines."""
    return _normalize(one["source"]) == _normalize(other["source"])


def _normalize(source: str) -> list[str]:
    return [line.rstrip() for line in str(source).rstrip().splitlines()]


def _is_fixed(cell: NotebookNode) -> bool:
    """Return whether a cell's text is not the students' to change."""
    return "nbgrader" in cell.metadata and not utils.is_solution(cell)
