"""Two exercises in one course folder: a second one needs files of its own only, and neither is in the other's way."""

import csv
import json
import zipfile

import pytest

from helpers.grading.gradebook.open import open_gradebook
from tests.support.require_sandbox import require_sandbox
from tests.support.second_exercise import NOTEBOOK, OF_TODAY, RIGHT, SECOND, TwoExercises

FIRST = "exercise_01"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course in which an earlier version has graded the first exercise, and then this one both, as the tests say."""
    require_sandbox()
    both = TwoExercises(tmp_path_factory.mktemp("two"))
    both.write()
    assert "This is exercise_01, by the names of the notebooks." in both.grade(handed_in="first")
    before = both.read_all(FIRST)
    both.make_old()
    assert not both.read_all(FIRST).keys() & {name for name in before if name.startswith("grading")}
    assert "This is exercise_02, by the names of the notebooks." in both.grade(handed_in="second")
    return both, before


def drop_name(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files as they are without the name of the first exercise, which earlier versions did not write."""
    return {name: OF_TODAY.sub("", data.decode("utf-8", "replace")).encode() for name, data in files.items()}


def test_a_course_of_before_is_moved_whole(graded):
    both, before = graded
    assert drop_name(both.read_all(FIRST)) == drop_name(before)


def read_points(both: TwoExercises, assignment: str) -> dict[str, float]:
    """Return every student's points from the gradebook."""
    with open_gradebook(both.course) as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions(assignment)}


def test_gradebook_holds_each_exercise_under_its_name(graded):
    both, _ = graded
    assert read_points(both, FIRST) == {"ann": 7.0, "ben": 6.0}
    assert read_points(both, SECOND) == {"ann": 3.0, "cem": 5.0}


def test_records_carry_the_name(graded):
    both, before = graded
    assert json.loads(before[f"grading/{FIRST}/records/ann.json"])["assignment"] == FIRST
    assert both.read_record(SECOND, "ann")["assignment"] == SECOND
    assert both.read_record(FIRST, "cem")["status"] == both.read_record(SECOND, "ben")["status"] == "missing"
    cells = both.read_record(SECOND, "ann")["notebooks"][0]["cells"]
    assert [(cell["exercise"], cell["points"], cell["causes"]) for cell in cells] == [
        ("find_longest", 0.0, ["last_in_alphabet"]),
        ("count_words", 3.0, []),
    ]


def test_feedback_of_each(graded):
    both, _ = graded
    for assignment, notebook in ((FIRST, "04_inference"), (SECOND, NOTEBOOK)):
        page = both.course / "feedback" / "ann" / assignment / "index.html"
        assert f"Exercise {assignment[-2:]}" in page.read_text(encoding="utf-8")
        with zipfile.ZipFile(both.course / "feedback" / f"ann-{assignment}.zip") as archive:
            assert {f"{assignment}/index.html", f"{assignment}/{notebook}.html"} <= set(archive.namelist())
    assert "not the last one in the alphabet" in (page.parent / f"{NOTEBOOK}.html").read_text(encoding="utf-8")


def test_exports_and_report_of_each(graded):
    both, _ = graded
    for assignment, points in ((FIRST, ("4", "3", "")), (SECOND, ("0", "", "2"))):
        kept = both.course / "grading" / assignment
        with (kept / "exports" / "canvas.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["SIS Login ID"]]
        assert tuple(row[f"Exercise {assignment[-2:]}"] for row in rows) == points
        assert f"Class report: Exercise {assignment[-2:]}" in (kept / "report.html").read_text(encoding="utf-8")
    report = (kept / "report.html").read_text(encoding="utf-8")
    assert "find_longest" in report and "top_k" not in report


def test_only_one_is_graded_again(graded):
    both, _ = graded
    before = both.read_all(FIRST)
    both.hand_in_second("ann", RIGHT)
    printed = both.grade("--assignment", SECOND, "--again", "all", handed_in="second")
    assert "Grading 2 submissions" in printed and read_points(both, SECOND) == {"ann": 5.0, "cem": 5.0}
    assert both.read_all(FIRST) == before


def test_nobody_of_the_first_is_graded_anew(graded):
    both, _ = graded
    times = {path: path.stat().st_mtime_ns for path in (both.course / "feedback").rglob("*.*") if path.is_file()}
    assert "Grading 0 submissions, 1 at a time; 2 are graded already." in both.grade("--assignment", FIRST)
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_record_of_the_other_is_refused_by_name(graded):
    both, _ = graded
    path = both.course / "grading" / SECOND / "records" / "ben.json"
    right = path.read_bytes()
    path.write_bytes((both.course / "grading" / FIRST / "records" / "ben.json").read_bytes())
    assert "is of exercise_01, and lies among the files of exercise_02" in both.run(
        "feedback", "--course", str(both.course), "--assignment", SECOND, expect=2
    )
    path.write_bytes(right)
    printed = both.run("feedback", "--course", str(both.course), "--no-feedback")
    assert [f"grading/{name}/report.html" in printed for name in (FIRST, SECOND)] == [True, True]
