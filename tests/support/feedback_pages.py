"""Pages of feedback to small notebooks, as the tests of feedback look at them."""

from pathlib import Path

from helpers.grading.feedback.write import write_feedback
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.graded_course import NOTEBOOK, make_course, make_notebook


def read_page(course: Path, student: str = "ada", name: str = NOTEBOOK) -> str:
    """Return one of a student's pages."""
    return (course / "feedback" / student / ASSIGNMENT / f"{name}.html").read_text(encoding="utf-8")


def make_page(tmp_path: Path, **options) -> str:
    """Return the page of a student whose notebook is `make_notebook(**options)`."""
    course = make_course(tmp_path / "course", ["ada"], notebook=make_notebook(**options))
    assert [result.problem for result in write_feedback(CourseAssignment(course), ["ada"])] == [""]
    return read_page(course)
