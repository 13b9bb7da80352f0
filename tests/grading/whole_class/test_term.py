"""A term of a course folder: it moves, lists change, downloads are partial; and the gradebook after each step."""

import os
import shutil

import pytest

from helpers.grading.commands.feedback import main as hand_back
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import read_records
from tests.support.resumable_class import read_gradebook
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS
from tests.support.term_course import CANVAS, FULL, GUEST, LINES, Term

WORKSHEET = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (submission)\n"


@pytest.fixture(scope="module", autouse=True)
def server(fork_server):
    with share_server(fork_server):
        yield


@pytest.fixture
def term(tmp_path):
    return Term(tmp_path)


def test_a_course_that_moves_and_whose_submissions_are_archived(term, capsys):
    term.hand_in("a", "b")
    assert term.grade(roster=CANVAS + LINES["a"] + LINES["b"]) == 0
    term.give_points("a", 1.5)
    before = read_gradebook(term.course)
    term.course = term.course.rename(term.folder / "moved")
    assert term.grade(new=False) == 0
    assert "Grading 0 submissions" in capsys.readouterr().out
    assert read_gradebook(term.course) == before
    shutil.move(term.course / "submitted", term.folder / "archive")
    for again in ([], ["--again", "top_k"]):
        assert term.grade(*again, new=False) == 0
        printed = capsys.readouterr().out
        assert "The files of a, b do not lie in the course any more: what was graded stays graded" in printed
        assert "Grading 0 submissions" in printed
        assert read_gradebook(term.course) == before


def test_a_student_without_a_login_changes_nobody_elses_id_and_who_leaves_keeps_the_record(term, capsys):
    term.hand_in("a", "b", "c", "d")
    assert term.grade(roster=CANVAS + "".join(LINES.values())) == 0
    term.give_points("a", 1.5)
    term.hand_in("a", "b", "c", "1010")
    assert term.grade(roster=CANVAS + LINES["a"] + LINES["b"] + LINES["c"] + GUEST) == 0
    assert "left out of report and exports (their records and grades stay): d." in capsys.readouterr().out
    assert term.read_points() == {"a": FULL + 1.5, "b": FULL, "c": FULL, "d": FULL, "1010": FULL}
    assert term.read_export() == {"1000": "5.5", "1001": "4", "1002": "4", "1010": "4"}
    assert set(read_records(term.kept / "records")) == {"a", "b", "c", "d", "1010"}
    report = (term.kept / "report.html").read_text(encoding="utf-8")
    assert "4 students." in report and "(their records and grades stay): d." in report
    table = (term.kept / "exports" / "nbgrader.csv").read_text(encoding="utf-8")
    assert ",d," not in table and ",a," in table


def test_after_a_partial_download_again_grades_everybody(term, capsys):
    roster = CANVAS + LINES["a"] + LINES["b"]
    term.hand_in("a", "b")
    assert term.grade(roster=roster) == 0
    term.hand_in("b", answers=ANSWERS | {"top_k": "top_k = print"})
    assert term.grade(roster=roster) == 0
    assert "Nothing new came from a: what they handed in before counts." in capsys.readouterr().out
    assert term.grade("--again", "all", new=False) == 0
    assert "Grading 2 submissions" in capsys.readouterr().out
    assert term.read_points() == {"a": FULL, "b": FULL - 2}


def test_one_notebook_handed_in_again_takes_nothing_from_the_others(term, capsys):
    roster = CANVAS + LINES["a"]
    term.hand_in("a")
    assert term.grade(roster=roster) == 0
    term.hand_in("a", answers=ANSWERS | {"top_k": "top_k = print"}, only="04_inference")
    assert term.grade(roster=roster) == 0
    printed = capsys.readouterr().out
    assert "01_setup is as it was handed in before" in printed
    assert term.read_points() == {"a": FULL - 2}
    assert "01_setup is as it was handed in before" in (term.kept / "report.html").read_text("utf-8")


def test_another_class_is_refused_before_anything_is_graded(term, capsys):
    term.hand_in("a", "b", "c")
    assert term.grade(roster=CANVAS + LINES["a"] + LINES["b"] + LINES["c"]) == 0
    before = read_gradebook(term.course)
    term.hand_in("d", "a")
    assert term.grade(roster=CANVAS + LINES["d"] + LINES["a"]) == 2
    assert "Only 1 of the 3 students" in capsys.readouterr().err
    assert read_gradebook(term.course) == before


def test_copied_files_are_graded_once_and_keep_their_time(term, capsys):
    roster = CANVAS + LINES["a"]
    term.hand_in("a")
    for path in term.handed_in.rglob("*.ipynb"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert term.grade("--due", "2001-09-10 00:00 UTC", roster=roster) == 0
    printed = capsys.readouterr().out
    assert "by the files' own times (a folder that was copied has new times: look whether they are right): 0" in printed
    term.hand_in("a")
    assert term.grade(roster=roster) == 0
    assert "Grading 0 submissions" in capsys.readouterr().out
    assert read_gradebook(term.course)["a", "time"] == "2001-09-09 01:46:40"


def test_pages_follow_a_due_date_that_changes(term):
    term.hand_in("a")
    for path in term.handed_in.rglob("*.ipynb"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert term.grade("--due", "2001-09-10 00:00 UTC", roster=CANVAS + LINES["a"]) == 0
    page = term.course / "feedback" / "a" / ASSIGNMENT / "index.html"
    before = page.read_text(encoding="utf-8")
    assert term.grade("--due", "2001-09-01 00:00 UTC", new=False) == 0
    assert "late" in page.read_text(encoding="utf-8") != before
    assert term.read_export() == {"1000": "2"}
    assert term.grade("--due", "2001-09-10 00:00 UTC", new=False) == 0
    assert page.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("arguments", [["--due", "soon"], ["--due", "2026-12-01 23:59"], ["--zone", "Berlin"]])
def test_a_date_that_cannot_be_read_is_refused_before_anything_is_graded(term, arguments, capsys):
    term.hand_in("a")
    assert term.grade(*arguments, roster=CANVAS + LINES["a"]) == 2
    assert "write" in capsys.readouterr().err
    assert not term.course.exists()


class TestWorksheets:
    TIMES = ("Friday, 4 September 2026, 11:30 PM", "Friday, 4 September 2026, 9:30 PM")
    ROSTER = WORKSHEET + "".join(
        f'Participant {number},Student {name},{name}@uni.example,x,,100.00,"{time}"\n'
        for number, name, time in ((12, "A", TIMES[0]), (13, "B", TIMES[1]))
    )

    @pytest.fixture
    def folders(self, term):
        term.hand_in("Student A_12_assignsubmission_file", "Student B_13_assignsubmission_file")

    def test_nobody_is_late_by_the_zone_of_the_machine(self, term, folders, capsys):
        due = ["--due", "2026-09-04 22:00 Europe/Berlin"]
        assert term.grade(*due, roster=self.ROSTER) == 2
        assert "ZONE=" in capsys.readouterr().err
        assert term.grade(*due, "--zone", "Europe/Berlin", roster=self.ROSTER) == 0
        printed = capsys.readouterr().out
        assert "When it came, of 2 by Moodle's worksheet: 1 after the due date: A@uni.example." in printed
        assert "1 after the due date: A@uni.example" in (term.kept / "report.html").read_text("utf-8")

    def test_a_due_date_that_comes_later(self, term, folders, capsys):
        assert term.grade(roster=self.ROSTER) == 0
        assert term.grade("--due", "2026-09-04 22:00 Europe/Berlin", new=False) == 2
        assert "Give SUBMISSIONS= and ROSTER= with it." in capsys.readouterr().err

    def test_lists_go_with_what_was_handed_in(self, term, folders, capsys):
        assert term.grade("--zone", "Europe/Berlin", new=False) == 2
        assert "ZONE= go with what was handed in: give SUBMISSIONS=path" in capsys.readouterr().err


def test_the_names_of_files_tell_the_time_and_the_points_go_back(term, capsys):
    column = "Exercise 01 Points Grade <Numeric MaxPoints:60>"
    roster = f"OrgDefinedId,Username,Last Name,First Name,{column},End-of-Line Indicator\n"
    roster += "#S1,#a,A,Student,,#\n#S2,#b,B,Student,,#\n"
    term.hand_in("101-9 - Student A - Sep 4, 2026 1130 PM", "102-9 - Student B - Sep 4, 2026 930 PM")
    due = ["--due", "2026-09-04 22:00 Europe/Berlin"]
    assert term.grade(*due, roster=roster) == 2
    assert "ZONE=" in capsys.readouterr().err
    assert term.grade(*due, "--zone", "Europe/Berlin", roster=roster) == 0
    printed = capsys.readouterr().out
    assert "Looked through: 2 files or folders matched, 0 strays, 1 late, 0 unreadable." in printed
    assert "When it came, of 2 by the names of Brightspace's files: 1 after the due date: a." in printed
    upload = term.kept / "exports" / "brightspace.csv"
    assert upload.read_text(encoding="utf-8").splitlines() == [
        roster.splitlines()[0],
        "#S1,#a,A,Student,36,#",
        "#S2,#b,B,Student,40,#",
    ]


def test_what_canvas_marks_as_late_costs_a_day_and_is_said(term, capsys):
    term.hand_in("a")
    work, term.handed_in = term.handed_in / "a", term.folder / "canvas"
    term.handed_in.mkdir()
    for number, path in enumerate(sorted(work.glob("*.ipynb"))):
        shutil.copy(path, term.handed_in / f"astudent_LATE_1000_{number}_{path.name}")
        shutil.copy(path, term.handed_in / f"bstudent_1001_{number + 5}_{path.name}")
    assert term.grade("--due", "2026-12-01 23:59 UTC", roster=CANVAS + LINES["a"] + LINES["b"]) == 0
    assert "of 1 by Canvas's mark, which gives no time: 1 after the due date: a." in capsys.readouterr().out
    assert term.read_export() == {"1000": "3.6", "1001": "4"}
    (term.course / "extensions.csv").write_text("student,hours\na,48\n", encoding="utf-8")
    assert term.grade(new=False) == 0
    assert term.read_export() == {"1000": "4", "1001": "4"}


def test_feedback_after_grading_by_hand_knows_the_same_class(term, capsys, monkeypatch):
    term.hand_in("a", "b")
    assert term.grade(roster=CANVAS + LINES["a"] + LINES["b"]) == 0
    term.give_points("a", 2)
    monkeypatch.setattr("sys.argv", ["hand_back", "--course", str(term.course)])
    assert hand_back() == 0
    assert term.read_export() == {"1000": "6", "1001": "4"}
