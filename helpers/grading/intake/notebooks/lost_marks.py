"""Give cells that lost nbgrader's data theirs again: Kaggle drops it, and so does cutting and pasting.

A cell is found by its text, where students do not write, by its id, by the function that it defines, or by what stands
around it. Whatever is not found in a notebook that lost everything waits for a person.
"""

import copy
import re

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from helpers.grading.intake.notebooks.marks import fold_source

FOUND_AGAIN = "came without the data by which answers are found; they were found again by their texts."
NOT_FOUND = "came without the data by which answers are found, and {names} could not be found again: look for it there."
PLACE = "(No answer was found in this place of the notebook, which came without the data by which answers are found.)"
_DEFINES = re.compile(r"^(?:def|class)\s+(\w+)", re.M)


def restore_marks(notebook: NotebookNode, released: NotebookNode) -> list[str]:
    """Give the notebook's cells the data that they lost, and return what is to be said about it."""
    held = {name for cell in notebook.cells if (name := get_grade_id(cell))}
    lost = [cell for cell in released.cells if (name := get_grade_id(cell)) and name not in held]
    if not lost:
        return []
    search = _Search(notebook, released)
    not_found = [cell for cell in lost if not search.mark(cell)]
    remarks = [FOUND_AGAIN] if len(not_found) < len(lost) else []
    written = [] if held else [cell for cell in not_found if _is_written(cell)]
    for cell in written:
        notebook.cells.append(_mark(new_markdown_cell(PLACE, id=f"lost-{get_grade_id(cell)}"[:64]), cell))
    return remarks + ([NOT_FOUND.format(names=", ".join(map(get_grade_id, written)))] if written else [])


def get_grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's name of a cell, "" if it has none."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else ""


class _Search:
    """Finds released cells in a notebook that a student handed in, whose texts are folded once."""

    def __init__(self, notebook: NotebookNode, released: NotebookNode):
        self._notebook, self._released = notebook, released
        self._folded = {id(cell): fold_source(cell) for cell in notebook.cells}
        self._given = {fold_source(cell) for cell in released.cells if not _is_answer(cell)}

    def mark(self, lost: NotebookNode) -> bool:
        """Find the cell of a released one, mark it, and tell whether that was possible."""
        free = [one for one in self._notebook.cells if not get_grade_id(one) and one.cell_type == lost.cell_type]
        if not _is_answer(lost):
            text = fold_source(lost)
            found = [cell for cell in free if self._folded[id(cell)] == text][:1]
        else:
            found = [cell for cell in free if cell.get("id") == lost.get("id")]
            found = found or (self._find_written(lost) if _is_written(lost) else _find_code(lost, free))
        if len(found) != 1:
            return False
        _mark(found[0], lost)
        return True

    def _find_written(self, lost: NotebookNode) -> list[NotebookNode]:
        """Return the texts between the given cells before and behind the answer; several become one."""
        place = self._released.cells.index(lost)
        start = self._find_given(self._released.cells[:place][::-1])
        end = self._find_given(self._released.cells[place + 1 :])
        between = [] if start is None else self._notebook.cells[start + 1 : end]
        own = [cell for cell in between if cell.cell_type != "code" and not get_grade_id(cell) and cell.source.strip()]
        own = [cell for cell in own if self._folded[id(cell)] not in self._given]
        if len(own) > 1:
            own[0].source = "\n\n".join(cell.source for cell in own)
            self._notebook.cells = [cell for cell in self._notebook.cells if all(cell is not one for one in own[1:])]
        for cell in own[:1]:
            cell.cell_type = "markdown"
        return own[:1]

    def _find_given(self, cells: list[NotebookNode]) -> int | None:
        """Return the place of the first of these given cells that stands in the notebook as it was handed out, once."""
        for cell in (cell for cell in cells if not _is_answer(cell)):
            text = fold_source(cell)
            places = [place for place, other in enumerate(self._notebook.cells) if self._folded[id(other)] == text]
            if len(places) == 1:
                return places[0]
        return None


def _find_code(lost: NotebookNode, free: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells that define the function which the released cell begins."""
    names = set(_DEFINES.findall(lost.source))
    return [cell for cell in free if names & set(_DEFINES.findall(cell.source))]


def _mark(cell: NotebookNode, released: NotebookNode) -> NotebookNode:
    cell.metadata.update(copy.deepcopy(released.metadata))
    return cell


def _is_answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _is_written(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and _is_answer(cell)
