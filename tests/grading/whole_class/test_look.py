"""`make look`: a table of what `make grade` would take, nothing written; and the line that `make grade` prints."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.grading.commands.look import main as look
from helpers.grading.gradebook.expected_lateness import DueDates, read_due_dates
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.intake.collect import collect
from helpers.grading.intake.due_dates import parse_due_date
from helpers.grading.intake.lists import Lists
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Submission
from helpers.grading.whole_class.options import Options
from helpers.grading.whole_class.take_in import take_in_class
from tests.support.handed_in import read_released, write_files, write_release

FOUR = "04_inference.ipynb"
ROSTER = "id,email\nsone,\nstwo,\nsthree,\nsfour,\n"
DUE = "2026-12-01 12:00 UTC"
EARLY, LATE = "2026-12-01T11:00:00+00:00", "2026-12-01T13:00:00+00:00"


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    write_release(folder / "notebooks" / "exercise_01")
    return folder


@pytest.fixture
def files() -> dict[str, bytes]:
    """One in time, one late, one unreadable, one who handed in nothing, and a stray."""
    book = read_released("04_inference")
    folders = {f"sone/{FOUR}": book, f"stwo/{FOUR}": book, f"sthree/{FOUR}": b"no notebook", f"guest/{FOUR}": book}
    return folders


@pytest.fixture
def run(tmp_path, source, files, capsys):
    """Return a function that runs the command, and gives its exit code and what it printed."""
    folder = write_files(tmp_path / "class", files)
    for student, moment in (("sone", 1_796_122_800), ("stwo", 1_796_130_000)):  # an hour before and after DUE
        os.utime(folder / student / FOUR, (moment, moment))
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")

    def run(*arguments: str, course: str = "course") -> tuple[int, str]:
        places = ["--course", str(tmp_path / course), "--source", str(source)]
        code = look([str(folder), "--roster", str(tmp_path / "roster.csv"), *places, *arguments])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def list_states(printed: str) -> dict[str, list[str]]:
    """Return the cells of the table's lines by student."""
    lines = [line.split() for line in printed.splitlines() if line.startswith("s")]
    return {student: cells for student, *cells in lines}


class TestTable:
    def test_everybody_has_a_line(self, run):
        code, printed = run("--due", DUE)
        assert code == 0
        states = list_states(printed)
        assert states["sone"] == ["1", "1", "2026-12-01", "11:00", "as", "it", "should", "be"]
        assert states["stwo"] == ["1", "1", "2026-12-01", "13:00", "late", "by", "1:00:00"]
        assert states["sthree"][:4] == ["1", "-", "-", "unreadable:"]
        assert states["sfour"] == ["-", "-", "-", "nothing", "handed", "in"]

    def test_strays_are_named_with_what_to_do(self, run):
        _, printed = run()
        assert "Strays:\n  guest: handed in, but not on the roster.\n" in printed
        assert "MAP=files.csv" in printed and "file,student\nguest,\n" in printed

    def test_one_line_sums_it_up(self, run):
        assert "Looked through: 3 files or folders matched, 1 stray, 1 late, 1 unreadable." in run("--due", DUE)[1]
        assert "Looked through: 3 files or folders matched, 1 stray, 1 unreadable." in run()[1]

    def test_the_clock_is_named(self, run):
        assert "Due 2026-12-01 12:00 UTC. When it came is told by: the files' own times (2)." in run("--due", DUE)[1]
        assert "told by" not in run()[1]

    def test_extensions_count(self, run, tmp_path):
        (tmp_path / "course").mkdir()
        (tmp_path / "course" / "extensions.csv").write_text("student,hours\nstwo,2\n", encoding="utf-8")
        assert ", 0 late, " in run("--due", DUE)[1]


class TestNothingIsWritten:
    def test_no_course_is_made(self, run, tmp_path):
        assert run("--due", DUE)[0] == 0
        assert not (tmp_path / "course").exists()

    def test_a_course_stays_as_it_is(self, run, tmp_path, source):
        course, release = tmp_path / "course", source / "notebooks" / "exercise_01"
        collect(tmp_path / "class", CourseAssignment(course), Lists(roster=tmp_path / "roster.csv"), release=release)
        before = read_tree(course)
        (tmp_path / "class" / "sone" / FOUR).write_bytes(b"no notebook any more")
        assert run("--due", DUE)[0] == 0
        assert read_tree(course) == before

    def test_a_refusal_says_what_to_do(self, run, tmp_path):
        (tmp_path / "roster.csv").write_text("id,email\nnobody,\n", encoding="utf-8")
        code, printed = run()
        assert code == 2
        assert "MAP=files.csv" in printed
        assert run("--due", "soon")[0] == 2


def read_tree(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class TestLateness:
    DATES = DueDates(parse_due_date(DUE))

    @pytest.mark.parametrize(
        ("submission", "late_s"),
        [
            (Submission("a", timestamp=EARLY), 0),
            (Submission("a", timestamp=LATE), 3600),
            (Submission("a", is_marked_late=True), 1),
            (Submission("a"), 0),
        ],
    )
    def test_by_a_time_or_by_a_mark(self, submission, late_s):
        assert self.DATES.measure_lateness(submission) == late_s
        assert DueDates().measure_lateness(submission) == 0


def test_what_the_gradebook_holds_counts_where_nothing_else_is_said(tmp_path):
    with open_gradebook(tmp_path) as gradebook:
        gradebook.add_assignment("exercise_01", duedate=parse_due_date(DUE))
        gradebook.add_student("a")
        gradebook.add_submission("exercise_01", "a").extension = timedelta(hours=2)
        gradebook.db.commit()
    dates = read_due_dates(CourseAssignment(tmp_path), "")
    assert [dates.measure_lateness(Submission(student, timestamp=LATE)) for student in "ab"] == [0, 3600]


def test_grade_begins_with_the_same_line(run, tmp_path, source, capsys):
    lists = Lists(roster=tmp_path / "roster.csv")
    take_in_class(Options(tmp_path / "class", tmp_path / "course", source=source, due=DUE, lists=lists))
    printed = capsys.readouterr().out
    (line,) = (line for line in printed.splitlines() if line.startswith("Looked through"))
    assert line in run("--due", DUE, course="other")[1].splitlines()
