"""Every version of a notebook that was handed out is kept, and whoever has one of them has changed nothing."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from helpers.grading.course.handed_out import VersionError, add_versions, keep_versions
from helpers.grading.judge.plan import GIVEN, OWN, make_plan
from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import make_template
from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.mended_exercise import (
    ADDED,
    CHANGES,
    NAME,
    SET_UP,
    VISIBLE,
    add_check,
    add_given_cell,
    change_given_cell,
    change_stub,
    find,
    mend_visible_check,
    remove_check,
    rename_in_set_up,
)
from tests.support.small_course import ANSWERS, change_exercise, find_cell, find_grade_id, write_exercise


class Exercise:
    """The small exercise below `folder`, whose versions are kept there."""

    def __init__(self, folder):
        self._folder, self.kept = write_exercise(folder / "exercise"), folder / "handed_out"
        change_exercise(self._folder, NAME, add_given_cell)
        self.take_up()

    def mend(self, *changes):
        for change in changes:
            change_exercise(self._folder, NAME, change)
        return self.take_up()

    def take_up(self):
        """Return the template with all versions so far, as a run of `make grade` has it."""
        templates = {NAME: make_template(self._folder / "solutions" / ASSIGNMENT / f"{NAME}.ipynb")}
        keep_versions(self.kept, templates)
        return add_versions(templates, self.kept)[NAME]

    def hand_out(self):
        return nbformat.read(self._folder / "notebooks" / ASSIGNMENT / f"{NAME}.ipynb", as_version=4)


@pytest.fixture
def exercise(tmp_path):
    return Exercise(tmp_path)


def list_ids(notebook):
    return [find_grade_id(cell) for cell in notebook.cells if find_grade_id(cell)]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_has_either_version_is_graded_with_the_new_one(exercise, change):
    old = exercise.hand_out()
    template = exercise.mend(change)
    for submitted in (old, exercise.hand_out()):
        restored = restore_notebook(submitted, template)
        assert restored.changes == ()
        assert [cell.source for cell in restored.notebook.cells] == [cell.source for cell in template.full.cells]
        assert list_ids(restored.notebook) == list(template.cells)
        assert all(cell.metadata.nbgrader == template.cells[cell.id].metadata.nbgrader for cell in list_named(restored))


def list_named(restored):
    return [cell for cell in restored.notebook.cells if find_grade_id(cell)]


def test_many_versions_later_the_first_is_still_no_change(exercise):
    old = exercise.hand_out()
    for change in CHANGES.values():
        exercise.mend(change)
    template = exercise.take_up()
    assert restore_notebook(old, template).changes == ()
    assert len(template.versions) == len(CHANGES) + 2  # the first, and the current one once more, as it is kept


def test_a_new_check_that_was_copied_into_the_old_notebook_is_no_change(exercise):
    submitted = exercise.hand_out()
    template = exercise.mend(mend_visible_check, rename_in_set_up)
    submitted.cells[find_cell(submitted, VISIBLE)] = find(exercise.hand_out(), VISIBLE)
    assert restore_notebook(submitted, template).changes == ()


@pytest.mark.parametrize("version", ["old", "new"])
def test_a_check_that_a_student_changed_is_told(exercise, version):
    old = exercise.hand_out()
    template = exercise.mend(*CHANGES.values())
    submitted = old if version == "old" else exercise.hand_out()
    find(submitted, VISIBLE).source = "pass"
    restored = restore_notebook(submitted, template)
    assert restored.changes == (f"The cell {VISIBLE} was changed.",)
    assert find(restored.notebook, VISIBLE).source == template.cells[VISIBLE].source


@pytest.mark.parametrize("version", ["old", "new"])
def test_points_that_a_student_changed_are_told(exercise, version):
    old = exercise.hand_out()
    template = exercise.mend(*CHANGES.values())
    submitted = old if version == "old" else exercise.hand_out()
    find(submitted, "describe_photo_modes").metadata.nbgrader.points = 3
    assert restore_notebook(submitted, template).changes == (
        "The grading data of the cell describe_photo_modes was changed.",
    )


def test_text_and_points_of_different_versions_do_not_go_together(exercise):
    old = exercise.hand_out()
    template = exercise.mend(
        mend_visible_check, lambda notebook: find(notebook, VISIBLE).metadata.nbgrader.update(points=4)
    )
    find(old, VISIBLE).metadata.nbgrader.points = 4
    assert len(restore_notebook(old, template).changes) == 1


@pytest.mark.parametrize("version", ["old", "new"])
def test_a_check_that_a_student_deleted_is_told_and_one_never_had_is_not(exercise, version):
    old = exercise.hand_out()
    template = exercise.mend(mend_visible_check, add_check)
    submitted = old if version == "old" else exercise.hand_out()
    submitted.cells.pop(find_cell(submitted, "read_labels_usual"))
    restored = restore_notebook(submitted, template)
    assert restored.changes == ("The cell read_labels_usual was missing.",)
    assert list_ids(restored.notebook) == list(template.cells)


def test_the_added_check_is_missed_in_the_version_that_has_it(exercise):
    template = exercise.mend(mend_visible_check, add_check)
    submitted = exercise.hand_out()
    submitted.cells.pop(find_cell(submitted, ADDED))
    assert restore_notebook(submitted, template).changes == (f"The cell {ADDED} was missing.",)


def test_the_order_of_an_earlier_version_is_no_change(exercise):
    old = exercise.hand_out()
    template = exercise.mend(lambda notebook: notebook.cells.append(notebook.cells.pop(find_cell(notebook, VISIBLE))))
    restored = restore_notebook(old, template)
    assert restored.changes == ()
    assert list_ids(restored.notebook) == list(template.cells)
    old.cells.reverse()
    assert restore_notebook(old, template).changes == ("Cells were put into another order.",)


def test_an_answer_to_the_earlier_stub_stays(exercise):
    submitted = exercise.hand_out()
    template = exercise.mend(change_stub)
    find(submitted, "describe_photo").source = ANSWERS["describe_photo"]
    restored = restore_notebook(submitted, template)
    assert restored.changes == ()
    assert find(restored.notebook, "describe_photo").source == ANSWERS["describe_photo"]


def test_a_given_cell_of_an_earlier_version_is_a_given_cell(exercise):
    submitted = exercise.hand_out()
    template = exercise.mend(change_given_cell)
    submitted.cells += [new_code_cell("DEMONSTRATED = 2", id="copied"), new_code_cell("DEMONSTRATED = 3", id="own")]
    restored = restore_notebook(submitted, template)
    kinds = make_plan(restored.notebook, template).kinds
    shown = {cell.source: kinds[cell.id] for cell in restored.notebook.cells if "DEMONSTRATED" in cell.source}
    assert shown == {"DEMONSTRATED = 1": GIVEN, "DEMONSTRATED = 2": GIVEN, "DEMONSTRATED = 3": OWN}


def test_a_given_cell_that_is_locked_now_may_have_been_edited(exercise):
    submitted = exercise.hand_out()
    submitted.cells[1].source = "DEMONSTRATED = 17"

    def lock(notebook):
        notebook.cells[1].metadata.nbgrader = copy.deepcopy(notebook.cells[0].metadata.nbgrader) | {
            "grade_id": "demonstration"
        }

    restored = restore_notebook(submitted, exercise.mend(lock))
    assert restored.changes == ()
    assert find(restored.notebook, "demonstration").source == "DEMONSTRATED = 1"


def test_set_up_that_is_gone_runs_only_for_an_answer_that_needs_it(exercise):
    submitted = exercise.hand_out()
    template = exercise.mend(lambda notebook: notebook.cells.pop(find_cell(notebook, SET_UP)))
    for answer, runs in ((ANSWERS["describe_photo"], False), ("describe_photo = WIDEST", True)):
        find(submitted, "describe_photo").source = answer
        restored = restore_notebook(copy.deepcopy(submitted), template)
        plan = make_plan(restored.notebook, template)
        assert restored.changes == ()
        former = next(cell for cell in restored.notebook.cells if cell.source == "WIDEST = 4000")
        assert plan.kinds[former.id] == GIVEN
        assert (former.id in plan.run) is runs


def test_what_a_student_wrote_into_a_check_that_is_gone_is_the_students_own(exercise):
    submitted = exercise.hand_out()
    find(submitted, "read_labels_unusual").source = "mine = 1"
    template = exercise.mend(remove_check)
    restored = restore_notebook(submitted, template)
    assert restored.changes == ()
    assert restored.notebook.cells[-1].source == "mine = 1"


def test_each_version_is_kept_once_and_none_is_deleted(exercise):
    first = read_kept(exercise)
    exercise.take_up()
    assert read_kept(exercise) == first
    exercise.mend(change_stub)
    assert len(first) == 1 and len(read_kept(exercise)) == 2 and first.items() <= read_kept(exercise).items()
    assert not list(exercise.kept.rglob("*.tmp"))


def read_kept(exercise):
    return {path: path.read_bytes() for path in exercise.kept.rglob("*.ipynb")}


@pytest.mark.parametrize("text", ["", "{}", '{"cells": '])
def test_a_kept_file_that_is_no_notebook_is_named(exercise, text):
    path = next(exercise.kept.rglob("*.ipynb"))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VersionError, match=path.name):
        exercise.take_up()
