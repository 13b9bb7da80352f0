"""Grade an answer as a student's is graded: in the sandbox, by the judge, with the exercise's real cells."""

import contextlib
import copy
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from helpers.exercises import EXERCISE_BY_ID
from helpers.grading.answering.fork_server import copy_helpers
from helpers.grading.commands.demonstration_class import read_solutions
from helpers.grading.judge.execution import CELL_S
from helpers.grading.judge.notebook import grade_notebook
from helpers.grading.judge.template import Template, make_template
from helpers.grading.sandbox.choose import choose_backend
from helpers.grading.whole_class.workers import GradingSettings, get_server
from tests.answers.conditions import (
    USUAL,
    Conditions,
    change_seeds,
    change_seeds_of_checks,
    keep_busy,
    start_worker,
)
from tests.answers.corpus import CorpusEntry
from tests.support.notebook_cells import find_solution

ACROSS, WHOLE, EVERY_CELL = "across", "whole", "every-cell"
"""The ways to grade: the exercise alone, across the line; in its whole notebook; the same, and every cell runs."""


@dataclass(frozen=True)
class Outcome:
    """What the grader made of an answer: points by grade id, the causes it named, and the submission's status."""

    points: dict[str, float]
    causes: tuple[str, ...]
    status: str
    reasons: tuple[str, ...] = ()


@cache
def make_exercise(exercise: str, *, seed: int = 0, whole: bool = False) -> Template:
    """Return the notebook of one exercise: its set-up cells, the answers before it (solved), its answer, its checks.

    `seed` is added to the seeds of the checks. With `whole`, all given cells and all other answers stand around it.
    """
    template = make_template(find_solution(EXERCISE_BY_ID[exercise]))
    names = [name for name, of in template.exercises.items() if of == exercise]
    wanted = {exercise, *names}
    return Template(exercise, *(_choose(book, wanted, seed, whole) for book in (template.full, template.released)))


def _choose(notebook: NotebookNode, wanted: set[str], seed: int, whole: bool) -> NotebookNode:
    chosen, solutions, reached = [], read_solutions(), False
    for cell in notebook.cells:
        if "nbgrader" not in cell.metadata:
            chosen += [cell] if whole else []
            continue
        name = cell.metadata.nbgrader.grade_id
        other = utils.is_solution(cell) and cell.cell_type == "code" and (whole or not reached)
        reached = reached or name in wanted
        if other and name not in wanted:
            chosen.append(NotebookNode(cell | {"source": solutions[name], "metadata": NotebookNode()}))
        elif name in wanted or (utils.is_locked(cell) and not utils.is_grade(cell)):
            chosen.append(NotebookNode(copy.deepcopy(cell) | {"source": change_seeds(cell.source, seed)}))
    return NotebookNode(notebook | {"cells": chosen})


def list_possible(exercise: str) -> dict[str, float]:
    """Return the most points of each graded cell of an exercise, by grade id."""
    template = make_exercise(exercise)
    return {name: float(template.cells[name].metadata.nbgrader.points) for name in template.exercises}


def grade_answer(exercise: str, code: str, cell_s: float = CELL_S, *, seed: int = 0, way: str = ACROSS) -> Outcome:
    """Grade the answer `code` in this worker process (see workers.start_worker); a cell may take `cell_s`."""
    template = make_exercise(exercise, seed=seed, whole=way != ACROSS)
    submitted = copy.deepcopy(template.released)
    cell = next(cell for cell in submitted.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise)
    cell.source = code
    with tempfile.TemporaryDirectory() as work:
        options = {"work": work, "cell_s": cell_s, "every_cell": way == EVERY_CELL}
        record = grade_notebook(submitted, template, get_server(), **options).record
    causes = tuple(dict.fromkeys(cause for cell in record.cells for cause in cell.causes))
    points = {cell.grade_id: cell.points or 0.0 for cell in record.cells}
    return Outcome(points, causes, record.status, record.reasons)


def grade_entries(
    entries: Iterable[CorpusEntry],
    *,
    workers: int,
    conditions: Conditions = USUAL,
    way: str = ACROSS,
    progress: Callable = list,
) -> list[tuple[CorpusEntry, Outcome]]:
    """Grade all entries in parallel, and return them with their outcomes, in order."""
    entries = list(entries)
    grade = partial(grade_answer, seed=conditions.seed, way=way)
    with make_pool(workers, conditions) as pool, keep_busy(conditions.busy):
        outcomes = pool.map(grade, [entry.exercise for entry in entries], [entry.code for entry in entries])
        return list(zip(entries, progress(outcomes), strict=True))


@contextlib.contextmanager
def make_pool(workers: int, conditions: Conditions = USUAL) -> Iterator[ProcessPoolExecutor]:
    """Give the workers that grade a class, each with its own fork server."""
    with tempfile.TemporaryDirectory() as folder:
        runtime = Path(folder) / "course"
        runtime.mkdir()
        copy_helpers(runtime)
        change_seeds_of_checks(runtime, conditions.seed)
        settings = GradingSettings(runtime, choose_backend(None), workers=workers, class_seed=conditions.class_seed)
        context = get_context("spawn")
        with ProcessPoolExecutor(
            workers, mp_context=context, initializer=start_worker, initargs=(settings, conditions)
        ) as pool:
            yield pool
