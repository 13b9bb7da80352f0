"""The core of the series fits into three hours, and each title says how long its notebook takes."""

import pytest

from helpers.exercises import list_exercises
from helpers.grading.notebooks.paths import RELEASE, ROOT, list_notebooks
from tests.support.time_budget import (
    CORE_MINUTES_AT_MOST,
    format_budgets,
    measure_cell,
    measure_notebook,
    read_stated_minutes,
    walk,
)

NOTEBOOKS = list_notebooks(RELEASE)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


@every_notebook
def test_the_title_says_how_long_the_core_takes(path):
    assert read_stated_minutes(path) == round(measure_notebook(path).minutes), format_budgets()


def test_the_core_fits_into_three_hours():
    print(format_budgets())
    assert sum(read_stated_minutes(path) for path in NOTEBOOKS) <= CORE_MINUTES_AT_MOST
    assert sum(measure_notebook(path).minutes for path in NOTEBOOKS) <= CORE_MINUTES_AT_MOST


@every_notebook
def test_the_readme_says_the_same(path):
    row = next(
        line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if f"/{path.name})" in line
    )
    assert f"{path.name}), {read_stated_minutes(path)} min |" in row


@every_notebook
def test_optional_parts_come_after_the_core(path):
    cells = list(walk(path))
    first = next(place for place, (optional, _) in enumerate(cells) if optional)
    assert cells[first - 1][1].id == "checkpoint"
    after = [cell.id for optional, cell in cells[first:] if not optional]
    assert after == ["closing"]


@every_notebook
def test_core_exercises_are_those_of_the_list(path):
    answers = {exercise.id: exercise.core for exercise in list_exercises(path.stem)}
    assert {cell.id: not optional for optional, cell in walk(path) if cell.id in answers} == answers


def test_what_counts():
    cells = {cell.id: cell for _, cell in walk(NOTEBOOKS[0])}
    assert measure_cell(cells["imports"]).minutes == 0
    assert measure_cell(cells["describe_photo"]).minutes == 0
    assert measure_cell(cells["describe_photo_usual"]).minutes == 0
    assert measure_cell(cells["photo-as-pillow"]).lines == 3
    task = measure_cell(cells["describe-photo-task"])
    assert task.exercise_minutes == 4
    assert 50 < task.words < 70
