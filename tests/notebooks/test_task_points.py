"""Each exercise and each question states its points: those of the check one sees, and those of hidden ones.

The README states their sums.
"""

import re

import pytest
from nbgrader import utils
from tests.support.notebook_cells import NOTEBOOKS, is_hidden, list_checks, read_cells

from helpers.exercises.exercise_01 import EXERCISES, QUESTIONS
from helpers.grading.gradebook.points import sum_cells
from helpers.grading.gradebook.read import CellGrade, GradedCell
from helpers.grading.notebooks.paths import RELEASE, ROOT, list_notebooks
from tests.support.time_budget import walk

HERE_AND_HIDDEN = re.compile(r"\*\*(\d+) points? here, (\d+) more when graded\*\* \(.{5,}\)")


def find_text_before(cell_id):
    """Return the last markdown cell before a cell: the task."""
    for path in NOTEBOOKS:
        text = ""
        for cell in read_cells(path):
            if cell.id == cell_id:
                return text
            if cell.cell_type == "markdown":
                text = cell.source
    return ""


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_a_task_states_its_points(exercise):
    stated = HERE_AND_HIDDEN.search(find_text_before(exercise.id))
    points = {True: 0, False: 0}
    for cell in list_checks(exercise.id):
        points[is_hidden(cell)] += int(cell.metadata.nbgrader.points)
    assert stated
    assert (int(stated[1]), int(stated[2])) == (points[False], points[True])


def test_a_question_states_its_points():
    questions = [
        cell for path in NOTEBOOKS for cell in read_cells(path) if utils.is_grade(cell) and utils.is_solution(cell)
    ]
    assert [cell.id for cell in questions] == [question.id for question in QUESTIONS]
    for cell in questions:
        task = find_text_before(cell.id)
        assert f"**{int(cell.metadata.nbgrader.points)} points" in task, cell.id


def test_a_question_is_of_the_core_unless_its_heading_says_optional():
    found = {cell.id: (path.stem, not optional) for path in list_notebooks(RELEASE) for optional, cell in walk(path)}
    for question in QUESTIONS:
        assert found[question.id] == (question.notebook, question.core), question.id


def test_the_readme_states_the_sums():
    graded = [cell for path in NOTEBOOKS for cell in read_cells(path) if utils.is_grade(cell)]
    by_machine, by_hand = (
        sum_cells(
            CellGrade(GradedCell("", cell.id, float(cell.metadata.nbgrader.points)), 0.0, waits=False)
            for cell in graded
            if utils.is_solution(cell) is by_person
        )
        for by_person in (False, True)
    )
    both = by_machine + by_hand
    sentence = (
        f"The core has {both.core_most:g} points ({by_machine.core_most:g} by checks, {by_hand.core_most:g} by a "
        f"person), which are 100 %; the optional part has {both.extra_most:g} "
        f"({by_machine.extra_most:g} and {by_hand.extra_most:g})"
    )
    assert sentence in (ROOT / "README.md").read_text(encoding="utf-8")
