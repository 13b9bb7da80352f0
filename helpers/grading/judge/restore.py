"""Build the notebook that is graded: the student's own cells, and everything else as it was handed out.

Only a cell's text comes from the student, and only where students write. Metadata, tags, outputs, checks and
locked cells come from the template. What is as some version of the notebook had it that was handed out is no change.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader import utils

from helpers.grading.judge.handed_in import read_outputs
from helpers.grading.judge.template import Template
from helpers.grading.judge.versions import (
    HandedOutVersion,
    find_version,
    get_name,
    is_former_check,
    is_untouched,
    list_changes,
)

MAX_CELLS = 2_000


@dataclass(frozen=True)
class Restored:
    """The notebook to grade, and one sentence for each change to it that was taken back."""

    notebook: NotebookNode
    changes: tuple[str, ...]


def restore_notebook(submitted: Mapping, template: Template) -> Restored:
    """Return the notebook to run. `submitted` is a notebook (format 4) that a student handed in."""
    changes: list[str] = []
    handed_in = submitted["cells"][:MAX_CELLS]
    version = find_version(handed_in, template.versions)
    own = [taken for cell in handed_in if (taken := _take_cell(cell, template, changes))]
    cells = _mark_duplicates(own, template, changes)
    cells = _put_in_order(cells, template, version, changes)
    _put_missing_back(cells, template, version, changes)
    for number, cell in enumerate(cells):
        cell["id"] = _grade_id(cell) or f"cell-{number}"
    notebook = NotebookNode(nbformat=4, nbformat_minor=5, metadata=from_dict(template.full.metadata), cells=cells)
    return Restored(notebook, tuple(dict.fromkeys(changes)))


def hash_answer(source: str) -> str:
    """Return the SHA-256 of an answer's text."""
    return hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()


def _grade_id(cell: Mapping) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def _take_cell(cell: Mapping, template: Template, changes: list[str]) -> NotebookNode | None:
    """Return a fresh cell with the student's text, or the template's cell where students may not write.

    Nothing for a check that is no longer asked. An answer that is still an earlier stub is still the stub.
    """
    name, source = get_name(cell), str(cell["source"]).encode("utf-8", "replace").decode()
    if not isinstance(name, str) or name not in template.cells:
        is_over = isinstance(name, str) and is_former_check(cell, name, template.versions)
        return None if is_over else _make_own_cell(cell, source)
    original = template.cells[name]
    changes += list_changes(cell, name, template.versions)
    if not utils.is_solution(original):
        source = original.source
    elif is_untouched(source, name, template.versions):
        source = template.released_sources[name]
    return _make_cell(original.cell_type, source, nbgrader=original.metadata.nbgrader)


def _make_own_cell(cell: Mapping, source: str) -> NotebookNode:
    own = _make_cell(cell["cell_type"], source)
    if own.cell_type == "code":
        own.outputs = read_outputs(cell.get("outputs"))
    return own


def _make_cell(cell_type: str, source: str, **metadata: Mapping) -> NotebookNode:
    """Return a fresh cell; of a type that there is not, a raw one. The notebook is validated when it is written."""
    cell: dict[str, Any] = {"id": "", "cell_type": cell_type, "metadata": metadata, "source": source}
    if cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    elif cell_type != "markdown":
        cell["cell_type"] = "raw"
    return from_dict(cell)


def _mark_duplicates(cells: list[NotebookNode], template: Template, changes: list[str]) -> list[NotebookNode]:
    """Keep the first cell of each grade id as such; a further one of a student's answer runs as an own cell."""
    seen, kept = set(), []
    for cell in cells:
        grade_id = _grade_id(cell)
        if grade_id in seen:
            if not utils.is_solution(cell):
                changes.append(f"The cell {grade_id} was there more than once.")
                continue
            cell = _make_cell(cell.cell_type, cell.source)
        seen.add(grade_id or id(cell))
        kept.append(cell)
    return kept


def _put_in_order(
    cells: list[NotebookNode], template: Template, version: HandedOutVersion, changes: list[str]
) -> list[NotebookNode]:
    """Bring the template's cells into its order; a student's own cells stay behind the cell they followed."""
    present = [name for cell in cells if (name := _grade_id(cell))]
    wanted = [grade_id for grade_id in template.cells if grade_id in present]
    if present == wanted:
        return cells
    if not version.has_order(present):
        changes.append("Cells were put into another order.")
    groups: dict[str | None, list[NotebookNode]] = {None: []}
    current = None
    for cell in cells:
        current = _grade_id(cell) or current
        groups.setdefault(current, []).append(cell)
    return [cell for key in (None, *wanted) for cell in groups[key]]


def _put_missing_back(
    cells: list[NotebookNode], template: Template, version: HandedOutVersion, changes: list[str]
) -> None:
    """Insert deleted cells, and those that the student's version did not have.

    An answer's place is left empty: the answer may stand in a cell of the student's own.
    """
    handed_in = {_grade_id(cell) for cell in cells}
    for grade_id, original in template.cells.items():
        if grade_id in handed_in or (utils.is_solution(original) and not utils.is_grade(original)):
            continue
        present = {name: index for index, cell in enumerate(cells) if (name := _grade_id(cell))}
        if grade_id in version.kept:
            changes.append(f"The cell {grade_id} was missing.")
        restored = _make_cell(original.cell_type, original.source, nbgrader=original.metadata.nbgrader)
        cells.insert(_find_place(grade_id, present, template, end=len(cells)), restored)


def _find_place(grade_id: str, present: dict[str, int], template: Template, *, end: int) -> int:
    """A check goes before the next cell of the template, behind all that may define the answer; set-up goes first."""
    order = list(template.cells)
    position = order.index(grade_id)
    if utils.is_grade(template.cells[grade_id]):
        return next((present[other] for other in order[position + 1 :] if other in present), end)
    return next((present[other] + 1 for other in reversed(order[:position]) if other in present), 0)
