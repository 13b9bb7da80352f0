"""Pages of feedback, as the tests of feedback look at them: to small notebooks, and to whole ones."""

import base64
import io
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image

from helpers.grading.feedback.pages import make_page as make_feedback_page
from helpers.grading.feedback.write import write_feedback
from helpers.grading.gradebook.read import CellGrade, GradedCell, StudentGrades
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT, SOLUTIONS, read_notebook
from tests.support.graded_course import NOTEBOOK, make_course, make_failure, make_notebook, make_report


def read_page(course: Path, student: str = "ada", name: str = NOTEBOOK) -> str:
    """Return one of a student's pages."""
    return (course / "feedback" / student / ASSIGNMENT / f"{name}.html").read_text(encoding="utf-8")


def make_page(tmp_path: Path, **options) -> str:
    """Return the page of a student whose notebook is `make_notebook(**options)`."""
    course = make_course(tmp_path / "course", ["ada"], notebook=make_notebook(**options))
    assert [result.problem for result in write_feedback(CourseAssignment(course), ["ada"])] == [""]
    return read_page(course)


def make_full_page(name: str) -> str:
    """Return the page of a solution notebook with its stored outputs, of whose checks every second one failed.

    In its answers stand long words, a wide table and a wide picture.
    """
    notebook, cells = read_notebook(SOLUTIONS / f"{name}.ipynb"), {}
    for place, cell in enumerate(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")):
        about, is_code = cell.metadata.nbgrader, cell.cell_type == "code"
        points = (about.points if place % 2 else 0.0) if is_code else None
        cells[about.grade_id] = CellGrade(GradedCell(name, about.grade_id, about.points, is_code), points, not is_code)
        if is_code and not points:
            cell.outputs = [make_report("wrong_values", got="[" + "0.12345, " * 40), make_failure()]
    notebook.cells[1:1] = [
        new_markdown_cell(f"{'long' * 100}\n\n| a | b |\n|---|---|\n| {'wide' * 60} | {'b ' * 60} |")
    ]
    notebook.cells[2:2] = [new_code_cell("x = " + "wide" * 100, outputs=[make_wide_picture(), make_wide_table()])]
    return make_feedback_page(notebook, StudentGrades(cells), name=name, shorten=str)


def make_wide_picture() -> NotebookNode:
    """Return an output with a picture of 3000 pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 20), "orange").save(buffer, "PNG")
    return new_output("display_data", {"image/png": base64.b64encode(buffer.getvalue()).decode()})


def make_wide_table() -> NotebookNode:
    """Return an output with a table of 30 columns."""
    row = "".join(f"<td>column {number}</td>" for number in range(30))
    return new_output("display_data", {"text/html": f'<table class="dataframe"><tr>{row}</tr></table>'})
