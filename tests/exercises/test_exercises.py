"""The lists of exercises: a module for each assignment, and no name that two of them share."""

from collections import Counter

import pytest
from nbgrader import utils

from helpers.checks.causes import CAUSES
from helpers.exercises import ASSIGNMENTS, EXERCISES, OWN_CAUSES, QUESTIONS
from helpers.grading.notebooks.assignment import list_assignments
from helpers.grading.notebooks.cell_owners import find_owner
from helpers.grading.notebooks.paths import ROOT, list_notebooks, read_notebook


def test_every_assignment_has_its_list():
    assert list_assignments(ROOT) == list(ASSIGNMENTS)
    assert {one.assignment for one in EXERCISES} == set(ASSIGNMENTS)


def test_no_name_stands_twice():
    counts = Counter(one.id for one in (*EXERCISES, *QUESTIONS))
    assert [name for name, count in counts.items() if count > 1] == []


def test_own_causes_are_new():
    assert list(CAUSES)[len(CAUSES) - len(OWN_CAUSES) :] == list(OWN_CAUSES)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_graded_cells_belong_to_their_own_assignment(assignment):
    """A cell is known by its grade id alone, which may not begin like an exercise of another assignment."""
    found = set()
    for path in list_notebooks(ROOT / "solutions" / assignment):
        for cell in filter(utils.is_grade, read_notebook(path).cells):
            owner = find_owner(cell.metadata.nbgrader.grade_id)
            assert (owner.assignment, owner.notebook) == (assignment, path.stem), cell.id
            found.add(owner)
    assert found == {one for one in (*EXERCISES, *QUESTIONS) if one.assignment == assignment}
