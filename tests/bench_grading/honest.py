"""The generated class of the comparison: honest submissions of the real exercise, by hands of several kinds."""

import ast
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils

from helpers.exercises import EXERCISE_BY_ID, EXERCISES
from helpers.grading.commands.demonstration_class import read_class, read_solutions, write_submission
from helpers.grading.notebooks.paths import RELEASE, list_notebooks, read_notebook

Answers = dict[str, str]
NOTEBOOKS = tuple(dict.fromkeys(exercise.notebook for exercise in EXERCISES))


@dataclass(frozen=True)
class Kind:
    """One kind of submission: how its answers are chosen, how they are written, whether own cells stand between."""

    name: str
    choose: Callable[[Answers, random.Random], Answers]
    terse: bool = False
    own_cells: bool = False


def _solve_all(answers: Answers, _: random.Random) -> Answers:
    return answers


def _make_mistakes(answers: Answers, _: random.Random) -> Answers:
    return answers | read_class()["typical-mistakes"]["answers"]


def _leave_blank(answers: Answers, _: random.Random) -> Answers:
    return {}


def _solve_first(notebooks: int) -> Callable[[Answers, random.Random], Answers]:
    def choose(answers: Answers, _: random.Random) -> Answers:
        chosen = NOTEBOOKS[:notebooks]
        return {name: text for name, text in answers.items() if _notebook_of(name) in chosen}

    return choose


def _solve_core(answers: Answers, _: random.Random) -> Answers:
    return {name: text for name, text in answers.items() if name not in EXERCISE_BY_ID or EXERCISE_BY_ID[name].core}


def _solve_some(answers: Answers, chance: random.Random) -> Answers:
    return {name: text for name, text in answers.items() if chance.random() < 0.5}


def _notebook_of(grade_id: str) -> str:
    return EXERCISE_BY_ID[grade_id].notebook if grade_id in EXERCISE_BY_ID else ""


KINDS = (
    Kind("solved", _solve_all),
    Kind("mistakes", _make_mistakes),
    Kind("blank", _leave_blank),
    Kind("first-four", _solve_first(4)),
    Kind("solved-terse", _solve_all, terse=True),
    Kind("scattered", _solve_some),
    Kind("blank-copied", _leave_blank),
    Kind("core-only", _solve_core),
    Kind("solved-own-cells", _solve_all, own_cells=True),
    Kind("mistakes-terse", _make_mistakes, terse=True, own_cells=True),
    Kind("first-one", _solve_first(1), own_cells=True),
    Kind("scattered-terse", _solve_some, terse=True),
)


def write_class(folder: Path, students: int = len(KINDS), *, kinds: int = len(KINDS), seed: int = 0) -> list[str]:
    """Write submissions of the first `kinds` into `folder`, a folder each, always the same ones.

    Return the students' names.
    """
    names = []
    for number in range(students):
        kind = KINDS[number % kinds]
        names.append(f"s{number + 1:03d}-{kind.name}")
        write_student(folder / names[-1], kind, random.Random(f"{seed}-{number}"))
    return names


def write_student(folder: Path, kind: Kind, chance: random.Random) -> None:
    """Write the seven notebooks of one student."""
    answers = kind.choose(read_solutions(), chance)
    if kind.terse:
        answers = {name: make_terse(text) for name, text in answers.items()}
    write_submission(folder, RELEASE, {"solved": False, "answers": answers})
    if kind.own_cells:
        for path in list_notebooks(folder):
            add_own_cells(path, answers)


def make_terse(answer: str) -> str:
    """Return code without comments, in Python's own layout; text, and what is not plain Python, as it is."""
    try:
        return ast.unparse(ast.parse(answer))
    except SyntaxError:
        return answer


def add_own_cells(path: Path, answers: Mapping[str, str]) -> None:
    """Put a note and a try-out behind each code answer, as students do."""
    notebook, cells = read_notebook(path), []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code" and utils.is_solution(cell) and cell.metadata.nbgrader.grade_id in answers:
            name = cell.metadata.nbgrader.grade_id
            cells.append(new_markdown_cell(f"My own note: {name} seems to work."))
            cells.append(new_code_cell(f"print('trying', {name!r})\nsum(range(10))"))
    notebook.cells = cells
    nbformat.write(notebook, path)
