"""One truth about points: what a submission has is the same in terminal, report, feedback pages and every export."""

import csv
import html
import re
import shutil

import pytest

from helpers.exercises import EXERCISES, QUESTIONS
from helpers.exercises.rows import Question
from helpers.grading.commands.demo import make_score_table
from helpers.grading.commands.feedback import main as hand_back
from helpers.grading.course.settings import keep_extra, read_extra
from helpers.grading.errors import GradingError
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.points import sum_points
from helpers.grading.gradebook.points_text import describe_points
from helpers.grading.gradebook.read import CellGrade, GradedCell, StudentGrades
from helpers.grading.notebooks.cell_owners import find_owner
from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, NOTEBOOKS, find_cell, write_exercise, write_submission
from tests.support.term_course import LINES, QUESTION, Term

MORE = {"explain_no_grad": "Nothing is recorded.", "explain_modes": "Dropout is off."}  # of the core, and optional
WITH_MORE_QUESTIONS = NOTEBOOKS | {"07_app": [(name, 2, "") for name in MORE]}
ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Exercise 01 (4711)\n    Points Possible,,,,,50\n"
    + LINES["a"]
    + LINES["b"]
)
POINTS = "3.5 of 6 points + 3 optional, 4 points wait for a person, -10 % late: 3.15 + 2.7 optional"


@pytest.fixture(scope="module")
def term(tmp_path_factory, fork_server):
    """A class in which a changed a check, was late, solved half of the core, and has one of three answers graded."""
    with pytest.MonkeyPatch.context() as patch, share_server(fork_server, figures=True):
        for name, text in MORE.items():
            patch.setitem(ANSWERS, name, text)
        term = Term(tmp_path_factory.mktemp("term"))
        term.exercise = write_exercise(term.folder / "longer", WITH_MORE_QUESTIONS)
        hand_in_late(term)
        assert term.grade("--due", "2026-12-01 23:59 UTC", roster=ROSTER) == 0
        with open_gradebook(term.course) as gradebook:
            row = gradebook.find_grade(QUESTION, "04_inference", ASSIGNMENT, "a")
            row.manual_score, row.needs_manual_grade = 1.5, False
            gradebook.db.commit()
        patch.setattr("sys.argv", ["hand_back", "--course", str(term.course)])
        assert hand_back() == 0
        yield term


def hand_in_late(term):
    """Put the submission of a where it is downloaded to, marked as late by Canvas."""

    def tamper(notebooks):
        first = notebooks["01_setup"]
        first.cells[find_cell(first, "describe_photo_usual")].source = "pass"

    work = write_submission(term.folder / "work", term.exercise, ANSWERS | {"top_k": "top_k = print"}, change=tamper)
    term.handed_in.mkdir()
    for number, path in enumerate(sorted(work.glob("*.ipynb"))):
        shutil.copy(path, term.handed_in / f"astudent_LATE_1000_{number}_{path.name}")


def read_text(path):
    """Return what a page says."""
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text))


def read_rows(term, name):
    """Return an export's rows."""
    with (term.kept / "exports" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_terminal(term, capsys):
    assert term.grade(new=False) == 0
    printed = capsys.readouterr().out
    assert f"a: tampered, {POINTS}: 01_setup" in printed
    assert "Answers that wait for a person: 2 (make formgrader)" in printed


def test_the_report(term):
    text = read_text(term.kept / "report.html")
    assert "The core has 8 points; optional points come on top, and do not count in uploads." in text
    assert "A, Student a tampered 3.5 of 6 + 3 4 -10 % late 3.15 notebooks" in text and "The median is 3.15" in (
        term.kept / "report.html"
    ).read_text(encoding="utf-8")
    assert "2 answers wait for a person" in text


def test_the_feedback(term):
    folder = term.course / "feedback" / "a" / ASSIGNMENT
    index = read_text(folder / "index.html")
    assert POINTS in index and "Handed in late: -10 % late" in index
    assert "describe_photo 2 of 2 solved read_labels (optional) + 3 of 3 solved" in index
    assert "together 2 of 2 + 3 optional" in index
    assert "top_k 0 of 2 not solved yet explain_eval 1.5 of 2 solved in part" in index
    assert "explain_modes (optional) waits for a person explain_no_grad waits for a person" in index
    page = read_text(folder / "04_inference.html")
    assert "1.5 of 4 points, -10 % late: 1.35" in page and "Done: explain_eval , 1.5 of 2 points." in page
    assert "0 of 0 points, 4 points wait for a person" in read_text(folder / "07_app.html")


def test_the_exports(term):
    a, b = read_rows(term, "canvas.csv")[1:]
    assert read_rows(term, "canvas.csv")[0]["Exercise 01 (4711)"] == "50"
    assert a["Exercise 01 (4711)"] == "19.69" and b["Exercise 01 (4711)"] == ""  # 3.15 of 8, of 50
    moodle = read_rows(term, "moodle.csv")
    assert [(row["Grade"], row["Maximum Grade"]) for row in moodle] == [("19.69", "50"), ("", "50")]
    assert moodle[0]["Feedback comments"] == f"{POINTS}."
    (plain, _) = read_rows(term, "nbgrader.csv")
    found = {name: float(plain[name]) for name in ("raw_score", "late_submission_penalty", "score", "max_score")}
    assert found == pytest.approx({"raw_score": 3.5, "late_submission_penalty": 0.35, "score": 3.15, "max_score": 8})


def test_the_table_of_exercises_adds_up(term):
    rows = [row for row in read_rows(term, "exercises.csv") if row["student"] == "a"]
    parts = {
        part: [float(row["points"]) for row in rows if row["part"] == part and row["points"]]
        for part in ("core", "optional")
    }
    waiting = [float(row["max_points"]) for row in rows if row["needs_manual"] == "yes"]
    assert (sum(parts["core"]), sum(parts["optional"]), sum(waiting)) == (3.5, 3, 4)


def test_the_demonstration_s_table(term):
    table = make_score_table(term.course)
    assert table.loc["a"].to_dict() == {
        "01_setup": "2 of 2 + 3",
        "04_inference": "1.5 of 4",
        "07_app": "0 of 0",
        "all": "3.5 of 6 + 3",
        "wait for a person": "4",
        "late": "-10 % late",
        "status": "tampered",
    }


def test_optional_points_count_in_uploads_if_the_course_says_so_once(term):
    assert term.grade("--extra", "counts", new=False) == 0
    assert term.grade(new=False) == 0
    assert read_rows(term, "canvas.csv")[1]["Exercise 01 (4711)"] == "36.56"  # 3.15 + 2.7 of 8, of 50
    assert read_rows(term, "moodle.csv")[0]["Grade"] == "36.56"
    assert float(read_rows(term, "nbgrader.csv")[0]["score"]) == pytest.approx(5.85)
    assert "and count in uploads" in read_text(term.kept / "report.html")
    assert term.grade("--extra", "apart", new=False) == 0
    assert read_rows(term, "canvas.csv")[1]["Exercise 01 (4711)"] == "19.69"


def make_grades(**points):
    """Return grades in cells that can earn 4 points each; None waits for a person."""
    cells = {
        name: CellGrade(GradedCell("01_setup", name, 4.0), value, waits=value is None) for name, value in points.items()
    }
    return StudentGrades(cells)


def test_what_waits_is_in_neither_part():
    points = sum_points(make_grades(describe_photo_usual=3.0, explain_eval=None, explain_modes=None))
    assert describe_points(points) == "3 of 4 points, 8 points wait for a person"


def test_what_was_added_to_the_exercise_later_neither_counts_nor_waits():
    grades = make_grades(describe_photo_usual=3.0)
    grades.cells["describe_photo_new"] = CellGrade(GradedCell("01_setup", "describe_photo_new", 4.0), None, waits=False)
    points = sum_points(grades)
    assert describe_points(points) == "3 of 4 points" and not points.is_complete


def test_a_penalty_never_takes_more_than_there_is():
    grades = make_grades(describe_photo_usual=3.0, read_labels_usual=1.0)
    grades.penalties["01_setup"] = 9.0
    assert describe_points(sum_points(grades)) == "3 of 4 points + 1 optional, -100 % late: 0"


def test_a_cell_has_one_owner():
    assert {find_owner(f"{exercise.id}_usual") for exercise in EXERCISES} == set(EXERCISES)
    assert [find_owner(question.id) for question in QUESTIONS] == list(QUESTIONS)
    assert find_owner("read_labels") == find_owner("read_labels_usual")
    assert find_owner("predict_batch_usual").id == "predict_batch" and find_owner("mainly") == Question("mainly", "")


def test_the_setting_is_kept(tmp_path):
    assert not read_extra(tmp_path)
    for given, kept in (("counts", True), ("", True), ("apart", False), ("", False)):
        keep_extra(tmp_path, given)
        assert read_extra(tmp_path) is kept
    (tmp_path / "grading" / "settings.json").write_text('{"extra": "perhaps"}', encoding="utf-8")
    with pytest.raises(GradingError, match="EXTRA=counts or apart"):
        read_extra(tmp_path)
