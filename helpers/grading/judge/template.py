"""The exercise as graders have it: what was released, with the hidden checks; nbgrader makes it of the solutions."""

import ast
import copy
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import preprocessors, utils
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.exercises.rows import Exercise
from helpers.grading.judge.versions import HandedOutVersion
from helpers.grading.notebooks.cell_owners import find_owner
from helpers.grading.notebooks.hidden_checks import HIDDEN_BEGIN
from helpers.grading.notebooks.paths import ROOT, SOLUTIONS, list_notebooks, read_notebook

WITH_HIDDEN_CHECKS = ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums")
FOR_STUDENTS = ("ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums")


@dataclass(frozen=True)
class Template:
    """One notebook: `full` has the hidden checks, `released` is what students get.

    `handed_out` holds all versions of `released` that the class may have instead, if they are known.
    """

    name: str
    full: NotebookNode
    released: NotebookNode
    handed_out: tuple[NotebookNode, ...] = ()

    @cached_property
    def versions(self) -> tuple[HandedOutVersion, ...]:
        """Return what students may have been given: the current version, then those before it."""
        return tuple(map(HandedOutVersion, (self.released, *self.handed_out)))

    @cached_property
    def sha256(self) -> str:
        """Name this version of the notebook: its checks, stubs and points."""
        return hashlib.sha256(nbformat.writes(self.full).encode()).hexdigest()

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """Return nbgrader's cells by grade id, in order, with hidden checks."""
        return {cell.metadata.nbgrader.grade_id: cell for cell in self.full.cells if "nbgrader" in cell.metadata}

    @cached_property
    def released_sources(self) -> dict[str, str]:
        """Return what each of nbgrader's cells holds in the students' notebook."""
        cells = (cell for cell in self.released.cells if "nbgrader" in cell.metadata)
        return {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}

    @cached_property
    def exercises(self) -> dict[str, str]:
        """Return the exercise of each graded cell by grade id; "" for questions in free text."""
        owners = {grade_id: find_owner(grade_id) for grade_id, cell in self.cells.items() if utils.is_grade(cell)}
        return {grade_id: owner.id if isinstance(owner, Exercise) else "" for grade_id, owner in owners.items()}

    @cached_property
    def points(self) -> dict[str, float]:
        """Return the most that each graded cell can earn, by grade id."""
        return {grade_id: float(self.cells[grade_id].metadata.nbgrader.points) for grade_id in self.exercises}


def is_hidden(cell: NotebookNode) -> bool:
    """Return whether a template's cell has checks that students did not get."""
    return HIDDEN_BEGIN in cell.source


@lru_cache(maxsize=1_000)
def needs_report(source: str) -> bool:
    """Return whether a check passes only with a report: whether it calls one of the course's check functions."""
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return any(isinstance(function, ast.Name) and function.id.startswith("check_") for function in calls)


def read_templates(folder: Path = SOLUTIONS) -> dict[str, Template]:
    """Return every notebook's template by name."""
    return {path.stem: make_template(path) for path in list_notebooks(folder)}


def make_template(path: Path) -> Template:
    """Take a solution notebook through nbgrader's own steps, with this course's settings."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    full = _apply(WITH_HIDDEN_CHECKS, read_notebook(path), config)
    return Template(path.stem, full, _apply(FOR_STUDENTS, copy.deepcopy(full), config))


def _apply(names: tuple[str, ...], notebook: NotebookNode, config: Config) -> NotebookNode:
    for name in names:
        step = getattr(preprocessors, name)(config=config)
        notebook, _ = step.preprocess(notebook, {"nbgrader": {}})
    return notebook
