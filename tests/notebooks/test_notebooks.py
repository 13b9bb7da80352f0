"""Hygiene of the solution notebooks: ids, metadata, outputs, size of cells, and the list of exercises."""

import re

import pytest
from nbgrader import utils
from tests.support.notebook_cells import (
    DETAILS,
    NOTEBOOK_NAMES,
    NOTEBOOKS,
    grade_id,
    is_autograded,
    is_hidden,
    list_checks,
    read_cells,
)

from helpers.exercises import list_exercises
from helpers.exercises.exercise_01 import EXERCISES
from helpers.grading.notebooks.canonical_form import KEPT_CELL_METADATA, KERNELSPEC, LANGUAGE_INFO
from helpers.grading.notebooks.paths import read_notebook

READABLE_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
PLAN = re.compile(r"\*\*(\d+) minutes\*\* · \*\*difficulty (●+)○*\*\*")
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=NOTEBOOK_NAMES)


def list_text_outputs(cell):
    return [
        output for output in cell.get("outputs", []) if output.output_type == "stream" or "text/plain" in output.data
    ]


@every_notebook
def test_ids_are_readable_and_unique(path):
    ids = [cell.id for cell in read_cells(path)]
    assert len(set(ids)) == len(ids)
    assert [cell_id for cell_id in ids if not READABLE_ID.fullmatch(cell_id)] == []
    for cell in read_cells(path):
        assert grade_id(cell) in (None, cell.id)


def test_answers_and_checks_have_one_id_in_the_whole_series():
    cells = [cell for path in NOTEBOOKS for cell in read_cells(path)]
    ids = [grade_id(cell) for cell in cells if utils.is_solution(cell) or utils.is_grade(cell)]
    assert sorted(ids) == sorted(set(ids))


@every_notebook
def test_metadata_is_canonical(path):
    notebook = read_notebook(path)
    assert notebook.metadata == {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    for cell in notebook.cells:
        assert set(cell.metadata) <= set(KEPT_CELL_METADATA), cell.id
        assert not cell.get("attachments"), cell.id


@every_notebook
def test_executed_in_order_without_errors_or_stderr(path):
    code_cells = [cell for cell in read_cells(path) if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code_cells] == list(range(1, len(code_cells) + 1))
    for cell in code_cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id


@every_notebook
def test_most_text_outputs_are_compared(path):
    cells = [cell for cell in read_cells(path) if list_text_outputs(cell)]
    ignored = [cell.id for cell in cells if "nbval-ignore-output" in cell.metadata.get("tags", [])]
    least = 0.5 if path.stem[:2] in ("05", "06", "07") else 0.8
    assert len(ignored) <= (1 - least) * len(cells), ignored


@every_notebook
def test_every_picture_has_an_alt_text(path):
    for cell in read_cells(path):
        for output in cell.get("outputs", []):
            assert "image/png" not in output.get("data", {}), f"{cell.id}: show figures with plots.show"
            for tag in re.findall(r"<img[^>]*>", output.get("data", {}).get("text/html", "")):
                assert len(re.search(r'alt="([^"]*)"', tag)[1]) > 30, cell.id


@every_notebook
def test_code_cells_are_short(path):
    for cell in read_cells(path):
        if cell.cell_type == "code":
            is_long_kind = utils.is_grade(cell) or utils.is_solution(cell)
            most = 25 if cell.id == "imports" else 20 if is_long_kind else 10
            lines = [line for line in cell.source.splitlines() if line.strip() and not line.strip().startswith("#")]
            assert len(lines) <= most, f"{cell.id} has {len(lines)} lines"


@every_notebook
def test_prose_is_short(path):
    for cell in read_cells(path):
        is_statement = utils.is_grade(cell) or cell.id.startswith("question-") or "### Exercise" in cell.source
        if cell.cell_type == "markdown" and not is_statement and cell.id not in ("title", "closing"):
            prose = re.sub(r"```.*?```|<[^>]+>|[|#*`$\\-]", " ", DETAILS.sub("", cell.source), flags=re.DOTALL)
            assert len(prose.split()) <= 60, f"{cell.id} has {len(prose.split())} words"


@every_notebook
def test_notebook_opens_and_closes_as_all_do(path):
    cells = read_cells(path)
    assert re.match(r"# \d\. ", cells[0].source)
    for part in ("**Time**", "**Difficulty**", "**You need**", "At the end you can"):
        assert part in cells[0].source
    assert next(cell.id for cell in cells if cell.cell_type == "code") == "imports"
    assert cells[-1].source.startswith("## In this notebook you")
    goals = re.findall(r"^- \w", cells[0].source, flags=re.MULTILINE)
    assert 3 <= len(goals) <= 5


@every_notebook
def test_exercises_are_those_of_the_list(path):
    cells = read_cells(path)
    answers = [cell.id for cell in cells if utils.is_solution(cell) and not utils.is_grade(cell)]
    exercises = list_exercises(path.stem)
    assert answers == [exercise.id for exercise in exercises]
    plans = [PLAN.search(cell.source) for cell in cells if cell.source.startswith("### Exercise")]
    assert all(plans), "an exercise lacks its line of minutes and difficulty"
    stated = [(int(plan[1]), len(plan[2])) for plan in plans]
    assert stated == [(exercise.minutes, exercise.difficulty) for exercise in exercises]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_every_exercise_has_a_visible_check_and_hidden_ones(exercise):
    checks = list_checks(exercise.id)
    assert checks, "no graded cell follows the answer cell"
    assert not is_hidden(checks[0]), "the first check must be visible"
    assert any(is_hidden(cell) for cell in checks[1:])
    assert all(cell.id.startswith(f"{exercise.id}_") for cell in checks)
    assert all(cell.metadata.nbgrader.points > 0 for cell in checks)


def test_checks_count_their_points_once():
    for path in NOTEBOOKS:
        for cell in read_cells(path):
            if is_autograded(cell):
                assert float(cell.metadata.nbgrader.points).is_integer(), cell.id
