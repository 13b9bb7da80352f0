"""What students may change in a notebook stays; everything else comes back, and is named."""

import copy
import random

import pytest
from nbformat.v4 import new_code_cell
from nbgrader import utils

from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import is_hidden, read_templates

TEMPLATES = read_templates()
TEMPLATE = TEMPLATES["04_inference"]
ANSWER = "def top_k(logits, labels, k=5):\n    return []"


@pytest.fixture
def submitted():
    return copy.deepcopy(TEMPLATE.released)


def find(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def list_ids(notebook):
    return [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_untouched_notebook_has_no_changes_and_gets_its_hidden_checks(name):
    template = TEMPLATES[name]
    restored = restore_notebook(copy.deepcopy(template.released), template)
    assert restored.changes == ()
    assert [cell.source for cell in restored.notebook.cells] == [cell.source for cell in template.full.cells]
    assert any(map(is_hidden, restored.notebook.cells))


def test_answers_own_cells_and_edited_demonstrations_stay(submitted):
    find(submitted, "top_k").source = ANSWER
    find(submitted, "explain_unknown_photo").source = "Because it never saw one."
    submitted.cells.insert(3, new_code_cell("mine = 1"))
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ()
    assert find(restored.notebook, "top_k").source == ANSWER
    assert find(restored.notebook, "explain_unknown_photo").source == "Because it never saw one."
    assert restored.notebook.cells[3].source == "mine = 1"


def test_line_ends_and_outputs_are_no_change(submitted):
    cell = find(submitted, "top_k_usual")
    cell.source = cell.source.replace("\n", "  \n") + "\n\n"
    cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "passed"}]
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ()
    assert find(restored.notebook, "top_k_usual").outputs == []


def test_a_changed_check_comes_back(submitted):
    find(submitted, "top_k_usual").source = "pass"
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ("The cell top_k_usual was changed.",)
    assert find(restored.notebook, "top_k_usual").source == TEMPLATE.cells["top_k_usual"].source


def test_changed_set_up_comes_back(submitted):
    find(submitted, "imports").source = "check_top_k = print"
    assert restore_notebook(submitted, TEMPLATE).changes == ("The cell imports was changed.",)


@pytest.mark.parametrize(
    ("rule", "value"), [("points", 100), ("grade", False), ("locked", False), ("solution", True), ("task", True)]
)
def test_changed_grading_data_comes_back(submitted, rule, value):
    find(submitted, "top_k_order").metadata.nbgrader[rule] = value
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ("The grading data of the cell top_k_order was changed.",)
    assert find(restored.notebook, "top_k_order").metadata.nbgrader == TEMPLATE.cells["top_k_order"].metadata.nbgrader


def test_tags_of_checks_are_dropped_and_named(submitted):
    find(submitted, "top_k_usual").metadata.tags = ["skip-execution"]
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ("The cell top_k_usual was given tags.",)
    assert "tags" not in find(restored.notebook, "top_k_usual").metadata


def test_tags_of_own_cells_are_dropped_without_a_word(submitted):
    find(submitted, "top_k").metadata.tags = ["skip-execution"]
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ()
    assert all("tags" not in cell.metadata for cell in restored.notebook.cells)


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_check_made_text_becomes_code_again(submitted, kind):
    cell = find(submitted, "top_k_usual")
    cell.cell_type = kind
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == (f"The cell top_k_usual was made a {kind} cell.",)
    assert find(restored.notebook, "top_k_usual").cell_type == "code"


def test_an_answer_that_lost_its_metadata_is_found_by_its_cell_id(submitted):
    cell = find(submitted, "top_k")
    cell.source, cell.metadata = ANSWER, {}
    restored = restore_notebook(submitted, TEMPLATE)
    assert find(restored.notebook, "top_k").source == ANSWER
    assert restored.changes == ("The grading data of the cell top_k was changed.",)


@pytest.mark.parametrize("grade_id", [name for name, cell in TEMPLATE.cells.items() if not utils.is_solution(cell)])
def test_a_deleted_cell_comes_back_in_its_place(submitted, grade_id):
    submitted.cells.remove(find(submitted, grade_id))
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == (f"The cell {grade_id} was missing.",)
    assert list_ids(restored.notebook) == list(TEMPLATE.cells)


def test_a_deleted_answer_stays_away_since_it_may_stand_in_another_cell(submitted):
    submitted.cells.remove(find(submitted, "top_k"))
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ()
    assert "top_k" not in list_ids(restored.notebook)


def test_an_answer_in_an_own_cell_stands_before_its_deleted_check(submitted):
    submitted.cells.remove(find(submitted, "top_k"))
    place = submitted.cells.index(find(submitted, "top_k_usual"))
    submitted.cells[place] = new_code_cell(ANSWER)
    sources = [cell.source for cell in restore_notebook(submitted, TEMPLATE).notebook.cells]
    assert sources.index(ANSWER) < sources.index(TEMPLATE.cells["top_k_usual"].source)


def test_deleting_everything_brings_all_checks_back(submitted):
    submitted.cells = []
    restored = restore_notebook(submitted, TEMPLATE)
    graded = [name for name, cell in TEMPLATE.cells.items() if utils.is_grade(cell)]
    assert [name for name in list_ids(restored.notebook) if name in graded] == graded


def test_a_second_copy_of_a_check_goes(submitted):
    submitted.cells.append(copy.deepcopy(find(submitted, "top_k_usual")))
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ("The cell top_k_usual was there more than once.",)
    assert list_ids(restored.notebook).count("top_k_usual") == 1


def test_a_split_answer_runs_in_both_parts_and_is_no_change(submitted):
    place = submitted.cells.index(find(submitted, "top_k"))
    second = copy.deepcopy(submitted.cells[place])
    submitted.cells[place].source, second.source = "import math", ANSWER
    submitted.cells.insert(place + 1, second)
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ()
    assert [cell.source for cell in restored.notebook.cells[place : place + 2]] == ["import math", ANSWER]


def test_reordered_cells_go_back_into_order(submitted):
    random.Random(1).shuffle(submitted.cells)
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.changes == ("Cells were put into another order.",)
    assert list_ids(restored.notebook) == list(TEMPLATE.cells)
    assert len(restored.notebook.cells) == len(submitted.cells)


@pytest.mark.parametrize("metadata", [{"nbgrader": []}, {"nbgrader": {"grade_id": ["top_k"]}}, {"nbgrader": "x"}])
def test_odd_metadata_makes_an_own_cell(submitted, metadata):
    cell = new_code_cell("1 + 1")
    cell["metadata"] = metadata
    submitted.cells.append(cell)
    restored = restore_notebook(submitted, TEMPLATE)
    assert restored.notebook.cells[-1].source == "1 + 1"
    assert restored.notebook.cells[-1].metadata == {}


def test_restoring_twice_changes_nothing_more(submitted):
    random.Random(2).shuffle(submitted.cells)
    once = restore_notebook(submitted, TEMPLATE).notebook
    twice = restore_notebook(once, TEMPLATE).notebook
    assert [cell.source for cell in twice.cells] == [cell.source for cell in once.cells]
