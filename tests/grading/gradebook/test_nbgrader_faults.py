"""What goes wrong with plain nbgrader: each fault is shown there, on the same files, and is absent here."""

import pytest
from nbgrader.api import Gradebook

from helpers.grading.gradebook.open import get_db_url
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, IN_PART, TAMPERED, UNREADABLE
from tests.support.direct_grading import DirectCourse
from tests.support.faulty_courses import FULL, TWO_CHECKS, ZERO, grade_with_both, read_output, read_plain, read_text
from tests.support.faulty_submissions import ALWAYS_EQUAL, PRIVATE, duplicate_check, write_one
from tests.support.plain_nbgrader import PlainCourse
from tests.support.small_course import ANSWERS, SECRET, write_exercise

pytestmark = pytest.mark.thorough  # test_restore.py, test_judge_scoring.py and tests/hostile guard what is absent here
DESCRIBE_PHOTO = {"describe_photo_usual": 1, "describe_photo_modes": 1}


@pytest.fixture(scope="module")
def courses(tmp_path_factory, fork_server):
    """The same files, graded by plain nbgrader and by the harness."""
    return grade_with_both(tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("harness"), fork_server)


def test_an_honest_submission_gets_the_same_from_both(courses):
    for student, points in (("solved", FULL), ("blank", ZERO)):
        assert read_plain(courses, student) == points
        assert courses.harness.read_points(student) == points
        assert courses.harness.record(student).status == GRADED
        assert read_comments(courses.harness.root, student) == read_comments(courses.plain.root, student)
    assert read_comments(courses.plain.root, "blank")["describe_photo"] == "No response."


def read_comments(root, student):
    """Return nbgrader's own comments on the answers of the notebook handed in."""
    with Gradebook(get_db_url(root)) as gradebook:
        notebook = gradebook.find_submission_notebook("01_setup", ASSIGNMENT, student)
        return {comment.name: comment.auto_comment for comment in notebook.comments}


def test_a_duplicated_check_stops_nobody_else(courses, fork_server, tmp_path):
    write_exercise(tmp_path)
    for student in ("a", "b", "c"):
        write_one(tmp_path / "submitted" / student, tmp_path, ANSWERS, duplicate_check if student == "b" else None)
    plain = PlainCourse(tmp_path)
    assert not plain.autograde()
    assert plain.read_points("a") and not sum(plain.read_points("b").values()) and plain.read_points("c") is None

    harness = DirectCourse(tmp_path / "harness", tmp_path, fork_server)
    harness.grade(tmp_path / "submitted")
    assert [harness.read_points(student) for student in "abc"] == [FULL] * 3
    assert [harness.record(student).status for student in "abc"] == [GRADED, TAMPERED, GRADED]


def test_a_deleted_check_comes_back(courses):
    _, content, harness = courses
    assert content["deleted"]  # not a word
    assert read_plain(courses, "deleted") == FULL | {"read_labels_unusual": 0}
    assert harness.read_points("deleted") == FULL
    assert harness.record("deleted").status == TAMPERED
    assert any("read_labels_unusual was missing" in reason for reason in harness.record("deleted").reasons)


@pytest.mark.parametrize("student", ["dies", "loops"])
def test_a_dead_kernel_costs_only_what_did_not_run(courses, student):
    plain, content, harness = courses
    assert not content[student]
    assert read_plain(courses, student) == ZERO
    exported = plain.export()
    assert exported[student]["score"] == exported["blank"]["score"] == "0.0"  # a crash looks like a real zero

    record = harness.record(student)
    assert record.status == IN_PART
    assert harness.read_points(student) == ZERO | DESCRIBE_PHOTO
    assert any("read_labels_usual" in reason and "read_labels_unusual" in reason for reason in record.reasons)
    assert {cell.grade_id for cell in record.notebooks[0].cells if not cell.ran} == set(FULL) - set(DESCRIBE_PHOTO)


def test_a_link_is_refused_and_the_rest_goes_on(courses):
    plain, content, harness = courses
    assert content["linked"] and read_plain(courses, "linked") == FULL  # another student's work
    copied = plain.root / "autograded" / "linked" / ASSIGNMENT / "notes.txt"
    assert copied.read_text() == PRIVATE

    assert harness.record("linked").status == UNREADABLE
    assert any("01_setup.ipynb is a link" in problem for problem in harness.submissions["linked"].problems)
    assert PRIVATE not in "".join(path.read_text() for path in harness.root.rglob("*.txt"))


def test_a_renamed_notebook_is_found(courses):
    assert read_plain(courses, "renamed") == ZERO
    assert courses.harness.read_points("renamed") == FULL
    assert courses.harness.submissions["renamed"].notebooks["01_setup"].endswith("01_setup (1).ipynb")


def test_hidden_checks_stay_hidden_in_feedback(courses):
    plain, _, harness = courses
    assert SECRET in plain.write_feedback("solved")["01_setup"]  # though everything passed
    for student in ("solved", "blank", "visible-only"):
        page = read_text(harness.write_feedback(student)["01_setup"])
        assert SECRET not in page and "HIDDEN TESTS" not in page and "red  fox" not in page


def test_feedback_says_that_there_are_hidden_checks(courses):
    """Visible checks pass, hidden ones do not: the page says which, and that there was more than could be seen."""
    page = read_text(courses.harness.write_feedback("visible-only")["01_setup"])
    assert "At grading: another case." in page
    assert "Not passed" in page
    assert courses.harness.read_points("visible-only") == FULL | {"read_labels_unusual": 0}


def test_a_check_tells_every_failure(fork_server, tmp_path):
    write_exercise(tmp_path, {"01_setup": TWO_CHECKS})
    wrong = {
        "describe_photo": 'def describe_photo(path):\n    return 40, 60, "RGB"',
        "read_labels": "read_labels = list",
    }
    write_one(tmp_path / "submitted" / "wrong", tmp_path, wrong)
    write_one(tmp_path / "submitted" / "equals", tmp_path, {"describe_photo": ALWAYS_EQUAL})
    plain = PlainCourse(tmp_path)
    assert plain.autograde("wrong")
    page = read_text(plain.write_feedback("wrong")["01_setup"])
    assert "AssertionError: the first label" in page and "AssertionError: their number" not in page

    harness = DirectCourse(tmp_path / "harness", tmp_path, fork_server)
    harness.grade(tmp_path / "submitted")
    check, _ = harness.record("wrong").notebooks[0].cells
    assert check.causes == ("size_swapped", "mode_after_convert")
    page = read_text(harness.write_feedback("wrong")["01_setup"])
    assert all(cause in page for cause in check.causes)
    assert harness.read_points("equals")["describe_photo_usual"] == 0  # the course's checks ask for a type first


@pytest.mark.parametrize("student", ["skips", "displays", "transforms", "patches", "equals"])
def test_tricks_earn_full_marks_from_plain_nbgrader(courses, student):
    points = read_plain(courses, student)
    assert points["describe_photo_usual"] == 1 and points["describe_photo_modes"] == 1


@pytest.mark.parametrize(
    "student, status, points",
    [("skips", TAMPERED, 0), ("displays", GRADED, 0), ("transforms", GRADED, 0), ("patches", GRADED, 0)],
)
def test_tricks_earn_nothing_here(courses, student, status, points):
    assert courses.harness.record(student).status == status
    assert set(courses.harness.read_points(student).values()) == {points}


def test_submitted_code_reads_nothing_else(courses):
    plain, _, harness = courses
    assert SECRET in read_output(plain.root, "reads")
    assert harness.record("reads").status == GRADED
    assert read_output(harness.root, "reads") == ""


def test_submitted_code_changes_no_grade(courses):
    plain, _, harness = courses
    assert "unable to open" in read_output(harness.root, "writes")
    with Gradebook(get_db_url(harness.root)) as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "solved").score == sum(FULL.values())
    before = sum(plain.read_points("solved").values())
    assert plain.autograde("writes")  # last, since it changes everybody's grades, in both gradebooks
    assert sum(plain.read_points("solved").values()) > before
