"""The class report: what it counts, that it needs nothing beside it, and that nothing in it can run."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from helpers.checks.causes import CAUSES
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import (
    GRADED,
    IN_PART,
    MISSING,
    TAMPERED,
    UNREADABLE,
    CellRecord,
    NotebookRecord,
    Student,
    SubmissionRecord,
)
from helpers.grading.report.check_results import count_checks
from helpers.grading.report.class_list import NOT_YET, count_statuses, list_students
from helpers.grading.report.exercise_results import (
    EMPTY,
    NOT_RUN,
    NOT_SOLVED,
    SOLVED,
    count_exercises,
    count_failures,
)
from helpers.grading.report.exercise_results import IN_PART as SOLVED_IN_PART
from helpers.grading.report.spread import measure_spread
from helpers.grading.report.template import count, format_seconds
from helpers.grading.report.times import sum_times
from helpers.grading.report.write import write_report
from tests.support.graded_course import NOTEBOOK, make_course, make_record

SCRIPT = "<script>alert(1)</script>"


def make_cell(points: float | None, *, exercise: str = "read_labels", name: str = "", causes=(), ran: bool = True):
    """Return the record of one cell that can earn one point."""
    return CellRecord(name or f"{exercise}_usual", exercise, points, 1.0, points is None, False, ran, tuple(causes))


def make_submission(student: str, *cells: CellRecord, status: str = GRADED, seconds: float = 2.0) -> SubmissionRecord:
    """Return a record of one notebook."""
    notebook = NotebookRecord(NOTEBOOK, status, (), cells, wall_s=seconds, cpu_s=seconds / 2)
    return SubmissionRecord(student, status, (), (notebook,))


def read_text(page: str) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL))


def write_page(tmp_path, students, records, **options) -> str:
    """Return the report of the course in `tmp_path`, if need be without a gradebook."""
    return write_report(CourseAssignment(tmp_path), students, records, **options).read_text(encoding="utf-8")


def test_every_student_is_counted_once_whether_in_the_roster_or_not():
    records = {
        name: SubmissionRecord(name, status) for name, status in (("a", MISSING), ("b", UNREADABLE), ("x", TAMPERED))
    }
    results = list_students([Student("a", "Ada", "Zett"), Student("b", last_name="Ash"), Student("c")], records, {})
    assert [result.id for result in results] == ["c", "x", "b", "a"]  # by name, those without one first
    counts = count_statuses(results)
    assert counts[MISSING] == counts[UNREADABLE] == counts[TAMPERED] == counts[NOT_YET] == 1 and counts[GRADED] == 0


def test_an_exercise_is_solved_when_all_its_checks_passed():
    ends = {
        "a": (SOLVED, [make_cell(1.0), make_cell(1.0)]),
        "b": (SOLVED_IN_PART, [make_cell(1.0), make_cell(0.0, causes=["labels_sorted"])]),
        "c": (NOT_SOLVED, [make_cell(0.0, causes=["labels_sorted"])]),
        "d": (EMPTY, [make_cell(0.0, causes=["not_answered"])]),
        "e": (NOT_RUN, [make_cell(0.0, ran=False)]),
    }
    (result,) = count_exercises(make_submission(name, *cells) for name, (_, cells) in ends.items())
    assert dict(result.counts) == {end: 1 for end, _ in ends.values()}
    assert result.submissions == 5 and result.pass_rate == pytest.approx(0.2)


def test_what_only_a_person_can_judge_is_in_no_pass_rate():
    records = [
        make_submission("a", make_cell(None), make_cell(None, exercise="")),
        make_submission("b", make_cell(1.0)),
    ]
    (result,) = count_exercises(records)
    assert result.submissions == 1 and result.pass_rate == 1


def test_exercises_stand_in_course_order():
    cells = [make_cell(1.0, exercise=name) for name in ("main", "top_k", "read_labels", "describe_photo")]
    results = count_exercises([make_submission("a", *cells)])
    assert [result.exercise.id for result in results] == ["describe_photo", "read_labels", "top_k", "main"]


def test_a_cause_counts_once_a_submission_and_the_commonest_comes_first():
    records = [
        make_submission(
            "a", make_cell(0.0, causes=["labels_sorted", "newline_kept"]), make_cell(0.0, causes=["newline_kept"])
        ),
        make_submission("b", make_cell(0.0, causes=["newline_kept"])),
        make_submission("c", make_cell(0.0, causes=["not_answered"])),
    ]
    first, second = count_failures(records)
    assert (first.cause, first.submissions, first.judged) == ("newline_kept", 2, 3)
    assert second.cause == "labels_sorted" and second.sentence == CAUSES["labels_sorted"]


def make_class(passes) -> list[SubmissionRecord]:
    """Return the records of a class: of each student, which of the checks c0, c1, ... were passed."""
    return [
        make_submission(
            f"s{number}",
            *(
                make_cell(float(right), name=f"read_labels_c{place}", causes=() if right else ("labels_sorted",))
                for place, right in enumerate(row)
            ),
        )
        for number, row in enumerate(passes)
    ]


def test_a_check_s_discrimination_is_its_correlation_with_the_rest_of_the_score():
    # c0 goes with the rest, c1 against it; c2 everybody passes.
    results = count_checks(
        make_class([(1, 0, 1, 1), (1, 0, 1, 1), (0, 1, 1, 0), (0, 1, 1, 0), (1, 0, 1, 0), (0, 0, 1, 1)])
    )
    c0, c1, c2, _ = results
    assert (c0.passed, c0.judged, c0.pass_rate) == (3, 6, 0.5) and c0.causes == (("labels_sorted", 3),)
    rest = [2, 2, 2, 2, 1, 2]  # all points less those of c0
    assert c0.discrimination == pytest.approx(np.corrcoef([1, 1, 0, 0, 1, 0], rest)[0, 1])
    assert c1.discrimination < c0.discrimination and c2.discrimination is None and c2.causes == ()


def test_few_submissions_say_nothing_about_a_check():
    assert [result.discrimination for result in count_checks(make_class([(1, 1), (0, 0), (1, 1), (0, 0)]))] == [
        None
    ] * 2
    assert [result.discrimination for result in count_checks(make_class([(1, 1), (0, 0)] * 3))] == [
        pytest.approx(1.0)
    ] * 2


def test_what_no_check_judged_is_in_no_check_s_result():
    (result,) = count_checks(
        [
            make_submission("a", make_cell(None), make_cell(1.0, name="x", exercise="")),
            make_submission("b", make_cell(1.0)),
        ]
    )
    assert (result.grade_id, result.judged) == ("read_labels_usual", 1)


def test_the_spread_of_points():
    spread = measure_spread([1.0, 2.0, 3.0, 4.0, 10.0])
    assert (spread.mean, spread.median, spread.low, spread.high) == (4.0, 3.0, 2.0, 4.0)
    assert spread.deviation == pytest.approx(np.std([1, 2, 3, 4, 10]))
    assert measure_spread([]) is None and measure_spread([2.0]).low == measure_spread([2.0]).high == 2.0


def test_students_lead_to_their_feedback_and_notebooks_if_there_are_any(tmp_path):
    course = make_course(tmp_path / "course", ["a b", "bob"])
    pages, _ = CourseAssignment(course).find_feedback("a b")
    pages.mkdir(parents=True)
    (pages / "index.html").write_text("feedback")
    page = write_page(course, [Student("../eve")], {name: make_record(name) for name in ("a b", "bob")})
    assert f'href="../../feedback/a%20b/{ASSIGNMENT}/index.html"' in page and "feedback/bob" not in page
    assert f'href="../../autograded/bob/{ASSIGNMENT}/"' in page and "eve/" not in page


def test_checks_that_tell_little_are_named(tmp_path):
    passes = [(1, 0, 1, 1), (1, 0, 1, 1), (0, 1, 0, 0), (0, 1, 0, 0), (1, 0, 1, 0), (0, 0, 1, 1)]
    page = write_page(tmp_path, [], {record.student: record for record in make_class(passes)})
    assert re.search(r"Lowest here: read_labels_c1 \(-0\.\d\d\)\.", read_text(page))


def test_times_are_summed_up_for_submissions_and_notebooks():
    records = {name: make_submission(name, seconds=seconds) for name, seconds in (("a", 2.0), ("b", 4.0), ("c", 60.0))}
    records["d"] = make_submission("d", status=MISSING, seconds=0.0)
    whole, notebook = sum_times(records)
    assert (whole.median_wall_s, whole.highest_wall_s, whole.median_cpu_s, whole.slowest) == (4.0, 60.0, 2.0, "c")
    assert notebook.name == NOTEBOOK and notebook.highest_cpu_s == 30.0
    assert sum_times({}) == []


def test_the_page_tells_what_became_of_the_class(tmp_path):
    reason = "The kernel died in cell 3. Not run: read_labels_unusual."
    records = {
        "ada": make_record("ada"),
        "bob": make_record("bob", status=IN_PART, reasons=[reason]),
        "eve": SubmissionRecord("eve", UNREADABLE, ("The archive is encrypted.",)),
        "mia": SubmissionRecord("mia", MISSING),
    }
    make_course(tmp_path)
    page = write_page(tmp_path, [Student("ada", "Ada", "Ash"), Student("mia", "Mia", "Birch")], records, wall_s=200)
    text = read_text(page)
    assert "4 students" in text and re.search(r"1 graded 1 graded in part 0 tampered 1 unreadable 1 missing", text)
    for words in (reason, "The archive is encrypted.", "Birch, Mia", "2 answers wait for a person", "3 min 20 s"):
        assert words in text
    assert re.search(r"read_labels 2 \(100%\) labels_sorted " + re.escape(CAUSES["labels_sorted"][:30]), text)
    assert re.search(r"01_setup explain_eval 2 3", text)
    assert "took less than 1.0 s of processor time and 2.0 s by the clock" in text


def test_the_points_are_those_of_the_gradebook(tmp_path):
    course = make_course(tmp_path / "course")
    with open_gradebook(course) as gradebook:
        grade = gradebook.find_grade("explain_eval", NOTEBOOK, ASSIGNMENT, "ada")
        grade.manual_score, grade.needs_manual_grade = 3, False
        gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "ada").late_submission_penalty = 0.5
        gradebook.db.commit()
    page = write_report(CourseAssignment(course), [], {name: make_record(name) for name in ("ada", "bob")}).read_text(
        encoding="utf-8"
    )
    assert "1 answer waits for a person" in page and "1 student lost points because the work came late" in page
    assert "The median is 1.31" in page  # 3 less three quarters of 0.5, and 0
    text = read_text(page)
    assert "ada graded 3 of 3 + 1 -12.5 % late 2.62" in text and "bob graded 0 of 0 + 1 3 0" in text
    assert "mean 1.31, median 1.31, standard deviation 1.31; half of them lie from 0.66 to 1.97" in text


class Outside(HTMLParser):
    """Notes what a page runs or fetches, and pictures without a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in {"script", "link", "iframe", "object"} or any(name.startswith("on") for name in attributes):
            self.found.append(tag)
        if not attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,"):
            self.found.append(tag)
        if tag == "img" and len(attributes.get("alt", "")) < 20:
            self.found.append("no alternative text")


def test_the_page_is_self_contained_and_what_students_chose_is_only_text(tmp_path):
    records = {
        SCRIPT: make_record(SCRIPT, status=TAMPERED, reasons=[SCRIPT, "<img src=x onerror=alert(1)>"]),
        "b": SubmissionRecord("b", UNREADABLE, (SCRIPT,)),
        "c": SubmissionRecord("c", MISSING),
        "d": make_record("d"),
    }
    students = [Student(SCRIPT, SCRIPT, SCRIPT), Student("c", SCRIPT, "<b>"), Student("d", SCRIPT, SCRIPT)]
    make_course(tmp_path, ["d"])
    page = write_page(tmp_path, students, records)
    parser = Outside()
    parser.feed(page)
    assert parser.found == ["script"] and page.count("<script") == 1 and page.count("<img") == 3
    script = page.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'\"" in page and "default-src 'none'" in page  # its own script, and no other
    assert not re.search(r"(src|href)=\"?https?:", page)


@pytest.mark.parametrize(
    "records",
    [
        {},
        {"a": SubmissionRecord("a", MISSING)},
        {"a": make_submission("a", make_cell(0.0))},
        {"a": make_submission("a", make_cell(None, exercise=""))},
        {"a": make_submission("a", make_cell(0.0, exercise="of_another_course"))},
    ],
)
def test_a_class_with_next_to_nothing_has_a_report_too(tmp_path, records):
    assert "Class report" in write_page(tmp_path, [Student("a")], records)


def test_a_large_class_has_a_report_of_bounded_size(tmp_path):
    records = {f"s{number:04}": make_record(f"s{number:04}") for number in range(1000)}
    page = write_page(tmp_path, [Student(name) for name in records], records)
    assert "1,000 students" in page and len(page) < 2_000_000


def test_it_is_written_whole_or_not_at_all(tmp_path):
    write_page(tmp_path, [], {})
    write_page(tmp_path, [], {})
    assert [path.name for path in CourseAssignment(tmp_path).kept.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (3.21, "3.2 s"), (42.4, "42 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_times_are_written_for_readers(seconds, text):
    assert format_seconds(seconds) == text


def test_numbers_are_written_for_readers():
    assert count(1, "student") == "1 student" and count(1200, "student") == "1,200 students"
    assert count(2, "answer waits", "answers wait") == "2 answers wait"
