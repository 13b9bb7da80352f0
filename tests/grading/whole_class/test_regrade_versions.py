"""Grading again after the exercise was mended: everybody by the new version, and nobody is tampered by it."""

import re

import pytest

from helpers.grading.commands.grade import main as grade
from helpers.grading.errors import GradingError
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.write import prepare_gradebook, write_students
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, TAMPERED, Student, read_records
from tests.support.mended_exercise import ADDED, CHANGES, NAME, VISIBLE, find
from tests.support.resumable_class import read_gradebook
from tests.support.shared_server import share_server
from tests.support.small_course import change_exercise, find_cell, write_exercise, write_submission

ANSWERED, BLANK, CHEATS = "ann", "ben", "cleo"
STEPS = {"mended check": ["mended check"], "all the rest": [name for name in CHANGES if name != "mended check"]}
QUESTION = "explain_eval"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("versions")
    hand_in(folder / "exercise", folder / "handed_in")
    with share_server(fork_server):
        yield folder


def hand_in(exercise, handed_in):
    write_exercise(exercise)
    write_submission(handed_in / ANSWERED, exercise)
    write_submission(handed_in / BLANK, exercise, {})
    write_submission(handed_in / CHEATS, exercise, change=pass_always)


def pass_always(notebooks):
    find(notebooks[NAME], VISIBLE).source = "pass"


def run(folder, *more):
    arguments = ["--course", str(folder / "course"), "--source", str(folder / "exercise"), "--workers", "1"]
    return grade([str(folder / "handed_in"), *arguments, *more])


@pytest.fixture(scope="module")
def runs(folder):
    """Grade once, then again after each step, which comes on top of those before; return the records."""
    found = {}
    for name, changes in {"first": [], **STEPS}.items():
        for change in changes:
            change_exercise(folder / "exercise", NAME, CHANGES[change])
        assert run(folder, *(["--again", "describe_photo"] if changes else ["--no-feedback"])) == 0
        found[name] = read_records(CourseAssignment(folder / "course").records)
    return found


def read_points(record):
    return {cell.grade_id: (cell.points, cell.max_points) for book in record.notebooks for cell in book.cells}


@pytest.mark.parametrize("step", STEPS)
def test_nobody_is_tampered_by_a_change_but_who_changed_a_check(runs, step):
    statuses = {student: record.status for student, record in runs[step].items()}
    assert statuses == {ANSWERED: GRADED, BLANK: GRADED, CHEATS: TAMPERED}
    assert runs[step][CHEATS].reasons == (f"{NAME}: The cell {VISIBLE} was changed.",)


@pytest.mark.parametrize("step", STEPS)
def test_an_empty_answer_is_still_an_empty_answer(runs, step):
    notebook = next(book for book in runs[step][BLANK].notebooks if book.name == NAME)
    assert notebook.unanswered == ("describe_photo", "read_labels")
    assert not any(cell.points or cell.needs_manual for cell in notebook.cells)


def test_points_are_those_of_the_current_version(runs):
    assert read_points(runs["mended check"][ANSWERED])["describe_photo_modes"] == (1, 1)
    assert ADDED not in read_points(runs["mended check"][ANSWERED])
    points = read_points(runs["all the rest"][ANSWERED])
    assert points["describe_photo_modes"] == (5, 5)
    assert points[ADDED] == (2, 2)
    assert read_points(runs["all the rest"][BLANK])[ADDED] == (0, 2)
    assert "read_labels_unusual" not in points


def test_the_gradebook_has_the_cells_of_the_current_version(folder, runs):
    gradebook = read_gradebook(folder / "course")
    for student in (ANSWERED, BLANK):
        scores = {key[2]: row[0] for key, row in gradebook.items() if key[:2] == (student, NAME) and len(key) == 3}
        points = read_points(runs["all the rest"][student])
        assert scores == {name: points[name][0] for name in scores}
        assert ADDED in scores and "read_labels_unusual" not in scores


def test_feedback_shows_the_added_check(folder, runs):
    page = (folder / "course" / "feedback" / ANSWERED / ASSIGNMENT / f"{NAME}.html").read_text(encoding="utf-8")
    assert "describe_photo(3, 3)" in re.sub("<[^>]+>", "", page)


def test_who_hands_in_the_new_version_is_graded_too(folder, runs):
    write_submission(folder / "handed_in" / "dan", folder / "exercise")
    write_submission(folder / "handed_in" / "eve", folder / "exercise", change=pass_always)
    assert run(folder) == 0
    records = read_records(CourseAssignment(folder / "course").records)
    assert records["dan"].status == GRADED
    assert read_points(records["dan"]) == read_points(runs["all the rest"][ANSWERED])
    assert records["eve"].reasons == (f"{NAME}: The cell {VISIBLE} was changed.",)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader adds rows in an odd order
def test_a_cell_that_a_person_graded_is_not_taken_away(tmp_path):
    source = write_exercise(tmp_path / "exercise") / "solutions"
    prepare_gradebook(CourseAssignment(tmp_path), source=source)
    with open_gradebook(tmp_path) as gradebook:
        write_students(gradebook, [Student(ANSWERED)])
        gradebook.add_submission(ASSIGNMENT, ANSWERED)
        gradebook.find_grade(QUESTION, "04_inference", ASSIGNMENT, ANSWERED).manual_score = 1.5
        gradebook.db.commit()
    before = read_gradebook(tmp_path)
    change_exercise(tmp_path / "exercise", NAME, CHANGES["added check"])
    change_exercise(tmp_path / "exercise", "04_inference", lambda book: book.cells.pop(find_cell(book, QUESTION)))
    with pytest.raises(GradingError, match=f"{QUESTION} is no longer in solutions/, but was graded by hand"):
        prepare_gradebook(CourseAssignment(tmp_path), source=source)
    assert read_gradebook(tmp_path) == before
