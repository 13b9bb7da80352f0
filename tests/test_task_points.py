"""Each exercise and each question states its points: those of the check one sees, and those of hidden ones."""

import re

import pytest
from nbgrader import utils
from notebook_cells import NOTEBOOKS, is_hidden, list_checks, read_cells

from helpers.exercises import EXERCISES

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
    assert len(questions) == 8
    for cell in questions:
        task = find_text_before(cell.id)
        assert f"**{int(cell.metadata.nbgrader.points)} points" in task, cell.id
