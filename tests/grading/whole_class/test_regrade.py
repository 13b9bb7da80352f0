"""Grading again: what a person graded stays, one exercise alone changes, and the same gives the same."""

import pytest
from nbgrader.api import Gradebook

from helpers.grading.commands.grade import main as grade
from helpers.grading.gradebook.open import get_db_url
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.whole_class import grade_class
from tests.support.resumable_class import read_gradebook, read_timeless_records
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, NOTEBOOKS, write_exercise, write_submission

STUDENTS = ("ann", "ben", "cleo")
QUESTION = "explain_eval"
UPRIGHT = ANSWERS | {"describe_photo": ANSWERS["describe_photo"].replace("tall", "upright")}
# A check that was too strict, and beside it one of another exercise that nobody passes any more.
MENDED = {
    "describe_photo_modes": 'assert describe_photo(30, 47)[2] in ("tall", "upright")',
    "read_labels_usual": "assert False",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("regrade")
    write_exercise(folder / "exercise")
    for student, answers in (("ann", ANSWERS), ("ben", UPRIGHT), ("cleo", ANSWERS)):
        write_submission(folder / "handed_in" / student, folder / "exercise", answers)
    with share_server(fork_server):
        yield folder


@pytest.fixture(scope="module")
def runs(folder):
    """Grade four times; return gradebook and records after each, by what had happened before."""
    found = {}
    for name, prepare, more in (
        ("first", None, []),
        ("two changed", grade_by_hand_then_change_two, []),
        ("check mended", mend_check, ["--again", "describe_photo"]),
        ("everything again", None, ["--again", "all"]),
    ):
        if prepare:
            prepare(folder)
        arguments = ["--course", str(folder / "course"), "--source", str(folder / "exercise"), "--workers", "1"]
        assert grade([str(folder / "handed_in"), *arguments, *more]) == 0
        found[name] = read_gradebook(folder / "course"), read_timeless_records(folder / "course")
    return found


def grade_by_hand_then_change_two(folder):
    with Gradebook(get_db_url(folder / "course")) as gradebook:
        for student, points in (("ann", 1.5), ("ben", 0.5)):
            grade = gradebook.find_grade(QUESTION, "04_inference", ASSIGNMENT, student)
            grade.manual_score, grade.needs_manual_grade, grade.extra_credit = points, False, 0.25
            comment = gradebook.find_comment(QUESTION, "04_inference", ASSIGNMENT, student)
            comment.manual_comment = f"Well seen, {student}."
        gradebook.db.commit()
    changes = {"ben": UPRIGHT | {QUESTION: "It has no word for that."}, "cleo": ANSWERS | {"top_k": "top_k = print"}}
    for student, answers in changes.items():
        write_submission(folder / "handed_in" / student, folder / "exercise", answers)


def mend_check(folder):
    cells = [(grade_id, points, MENDED.get(grade_id, source)) for grade_id, points, source in NOTEBOOKS["01_setup"]]
    write_exercise(folder / "exercise", NOTEBOOKS | {"01_setup": cells})


def read_auto_scores(gradebook, student):
    return {key[2]: row[0] for key, row in gradebook.items() if key[0] == student and len(key) == 3}


def find_grade(gradebook, student):
    return gradebook[student, "04_inference", QUESTION]


def test_a_text_waits_for_a_person(runs):
    for student in ("ann", "ben"):
        assert find_grade(runs["first"][0], student) == (None, None, None, True)


@pytest.mark.parametrize("run", ["two changed", "check mended", "everything again"])
def test_a_manual_grade_stays(runs, run):
    gradebook = runs[run][0]
    assert find_grade(gradebook, "ann") == (None, 1.5, 0.25, False)
    for student in ("ann", "ben"):
        assert gradebook[student, "04_inference", QUESTION, "comment"][1] == f"Well seen, {student}."


@pytest.mark.parametrize("run", ["two changed", "check mended", "everything again"])
def test_a_manual_grade_of_another_text_waits_for_another_look(runs, run):
    assert find_grade(runs[run][0], "ben") == (None, 0.5, 0.25, True)


def test_a_new_answer_is_graded_anew(runs):
    assert read_auto_scores(runs["first"][0], "cleo")["top_k_usual"] == 1
    assert read_auto_scores(runs["two changed"][0], "cleo")["top_k_usual"] == 0


def test_one_exercise_is_graded_again_and_nothing_else_changes(runs):
    (before, _), (after, _), (everything, _) = (runs[name] for name in list(runs)[1:])
    assert list_changes(before, after) == {("ben", "01_setup", "describe_photo_modes")}
    assert list_changes(after, everything) == {(student, "01_setup", "read_labels_usual") for student in STUDENTS}


def list_changes(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def test_grading_twice_gives_the_same(folder, runs):
    gradebook, records = runs["everything again"]
    assert grade(["--course", str(folder / "course"), "--source", str(folder / "exercise"), "--again", "all"]) == 0
    assert read_gradebook(folder / "course") == gradebook
    assert read_timeless_records(folder / "course") == records


def test_a_run_that_was_ended_goes_on_with_the_others(folder, runs, monkeypatch, capsys):
    command = ["--course", str(folder / "course"), "--source", str(folder / "exercise"), "--workers", "1"]
    again = [*command, "--again", "describe_photo"]

    def stop(record, points=None):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(grade_class, "describe_record", stop)  # when the first result has been written
        with pytest.raises(KeyboardInterrupt):
            grade(again)
    capsys.readouterr()
    assert grade(command) == 0
    assert "AGAIN=describe_photo was ended" in capsys.readouterr().out
    assert grade(again) == 0
    assert "Grading 2 submissions" in capsys.readouterr().out
    assert grade(command) == 0
    assert "was ended" not in capsys.readouterr().out


def test_what_changed_is_graded_whole_even_if_one_exercise_is_asked_for(folder, runs):
    write_submission(folder / "handed_in" / "cleo", folder / "exercise", ANSWERS)
    command = ["--course", str(folder / "course"), "--source", str(folder / "exercise"), "--again", "describe_photo"]
    assert grade([str(folder / "handed_in"), *command, "--workers", "1"]) == 0
    assert read_auto_scores(read_gradebook(folder / "course"), "cleo")["top_k_usual"] == 1
