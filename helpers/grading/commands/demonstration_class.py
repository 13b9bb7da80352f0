"""The demonstration class: submissions named for what they show, made from the release and the solutions."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.notebooks.paths import SOLUTIONS, list_notebooks, read_notebook

CLASS_FILE = Path(__file__).with_name("demonstration_class.toml")
MARK_SCHEME = re.compile(r"\n?=== BEGIN MARK SCHEME ===.*?=== END MARK SCHEME ===", flags=re.DOTALL)
SOLUTION_MARKER = re.compile(r"^\s*### (BEGIN|END) SOLUTION\n?", flags=re.MULTILINE)


def read_class(path: Path = CLASS_FILE) -> dict[str, dict]:
    """Return each submission by name: `description`, `solved` (true or false) and `answers` by grade id."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def write_submission(folder: Path, release: Path, submission: Mapping) -> None:
    """Write one student's notebooks into `folder`: the release, filled in as the submission says.

    Solution cells get the solution's text where `solved` is true, and the text from `answers` where their
    grade id stands there.
    """
    solutions = read_solutions() if submission["solved"] else {}
    answers = solutions | dict(submission.get("answers", {}))
    unknown = set(submission.get("answers", {})) - set(read_solutions())
    if unknown:
        raise ValueError(f"{CLASS_FILE.name} answers cells that no notebook has: {', '.join(sorted(unknown))}")
    folder.mkdir(parents=True, exist_ok=True)
    for path in list_notebooks(release):
        notebook = read_notebook(path)
        _fill_in(notebook, answers)
        nbformat.write(notebook, folder / path.name)


def _fill_in(notebook: NotebookNode, answers: Mapping[str, str]) -> None:
    for cell in notebook.cells:
        if utils.is_solution(cell) and cell.metadata.nbgrader.grade_id in answers:
            cell.source = answers[cell.metadata.nbgrader.grade_id]


def read_solutions(folder: Path = SOLUTIONS.parent) -> dict[str, str]:
    """Return the solutions' texts by grade id, of all assignments, without markers and mark schemes."""
    cells = [cell for path in sorted(folder.glob("*/*.ipynb")) for cell in read_notebook(path).cells]
    return {
        cell.metadata.nbgrader.grade_id: MARK_SCHEME.sub("", SOLUTION_MARKER.sub("", cell.source))
        for cell in cells
        if utils.is_solution(cell)
    }
