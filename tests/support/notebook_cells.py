"""Read the parts of the course's notebooks that tests look at."""

import functools
import re
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from helpers.exercises.rows import Exercise
from helpers.grading.notebooks.paths import SOLUTIONS, list_notebooks, read_notebook

NOTEBOOKS = list_notebooks(SOLUTIONS)
NOTEBOOK_NAMES = [path.stem for path in NOTEBOOKS]
DETAILS = re.compile(r"<details>.*?</details>", flags=re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS", flags=re.DOTALL)
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)\n\s*### END SOLUTION", flags=re.DOTALL)
SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===\n(.*?)\n=== END MARK SCHEME ===", flags=re.DOTALL)


@functools.cache
def read_cells(path: Path) -> list[NotebookNode]:
    """Return a notebook's cells, read once; tests do not change them."""
    return read_notebook(path).cells


def find_solution(exercise: Exercise) -> Path:
    """Return the solution notebook in which an exercise stands, of any assignment."""
    return SOLUTIONS.parent / exercise.assignment / f"{exercise.notebook}.ipynb"


def grade_id(cell: NotebookNode) -> str | None:
    """Return a cell's nbgrader id, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_autograded(cell: NotebookNode) -> bool:
    """Return whether a cell is a check that earns points."""
    return cell.cell_type == "code" and utils.is_grade(cell)


def is_hidden(cell: NotebookNode) -> bool:
    """Return whether a check is kept from students."""
    return is_autograded(cell) and HIDDEN.search(cell.source) is not None


def is_setup(cell: NotebookNode) -> bool:
    """Return whether a code cell is locked and not graded: checks may use what it defines."""
    return cell.cell_type == "code" and utils.is_locked(cell) and not utils.is_grade(cell)


@functools.cache
def list_checks(exercise_id: str) -> list[NotebookNode]:
    """Return an exercise's graded cells: those between its answer cell and the next one."""
    for path in sorted(SOLUTIONS.parent.glob("*/*.ipynb")):
        inside, checks = False, []
        for cell in read_cells(path):
            if utils.is_solution(cell):
                inside = grade_id(cell) == exercise_id
            elif inside and is_autograded(cell):
                checks.append(cell)
        if checks:
            return checks
    return []


def collect_setup(path: Path) -> str:
    """Return the source of a notebook's locked set-up cells."""
    return "\n".join(cell.source for cell in read_cells(path) if is_setup(cell))
