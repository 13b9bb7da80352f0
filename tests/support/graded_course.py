"""A course with one small notebook, its gradebook and one executed submission a student, made without a kernel."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, CellRecord, NotebookRecord, SubmissionRecord, write_record

NOTEBOOK = "01_setup"
POINTS = {"read_labels_usual": 1, "read_labels_unusual": 2, "explain_eval": 3}
HIDDEN = "# At grading: another file.\n### BEGIN HIDDEN TESTS\ncheck_secret(read_labels, 'zebra')\n### END HIDDEN TESTS"


def make_cell(kind, source: str, name: str, *, grade: bool, solution: bool) -> NotebookNode:
    """Return a cell of nbgrader's; `kind` is a function of nbformat.v4."""
    points = {"points": POINTS[name]} if grade else {}
    nbgrader = {"grade_id": name, "grade": grade, "solution": solution, "locked": grade and not solution, "task": False}
    nbgrader |= {"schema_version": 3, "checksum": "0", "cell_type": kind.__name__[4:-5], **points}
    return kind(source, metadata={"nbgrader": nbgrader})


def make_report(cause: str | None, *, got: str = "zebra") -> NotebookNode:
    """Return what a check displays: passed, or failed for one cause."""
    failures = [{"where": "w", "got": got, "expected": "tiger", "cause": cause}] if cause else []
    data = {"exercise": "read_labels", "passed": not failures, "failures": failures}
    text = "✘ zebra" if cause else "✔ right."
    return new_output("display_data", data={"text/plain": text, CHECK_MIME_TYPE: data})


def make_failure() -> NotebookNode:
    """Return the error that ends a failed check."""
    return new_output("error", ename="CheckFailed", evalue="1 problem found", traceback=["check_secret('zebra')"])


def make_notebook(*, answer: str = "Because.", outputs=(), visible_outputs=None, hidden_outputs=None) -> NotebookNode:
    """Return an executed notebook: an answer with `outputs`, a visible and a hidden check, a free-text answer."""
    visible = visible_outputs or [make_report(None)]
    hidden = hidden_outputs or [make_report("labels_sorted"), make_failure()]
    cells = [
        new_markdown_cell("# Labels"),
        make_cell(new_code_cell, "def read_labels(path): ...", "read_labels", grade=False, solution=True),
        make_cell(new_code_cell, "check_read_labels(read_labels)", "read_labels_usual", grade=True, solution=False),
        make_cell(new_code_cell, HIDDEN, "read_labels_unusual", grade=True, solution=False),
        make_cell(new_markdown_cell, answer, "explain_eval", grade=True, solution=True),
    ]
    for cell, found in zip(cells[1:4], (list(outputs), visible, hidden), strict=True):
        cell.outputs = found
    return new_notebook(cells=cells)


def make_record(student: str, *, status: str = GRADED, reasons=()) -> SubmissionRecord:
    """Return the record that belongs to `make_notebook()`."""
    cells = (
        CellRecord("read_labels_usual", "read_labels", 1.0, 1.0, False, False, True),
        CellRecord("read_labels_unusual", "read_labels", 0.0, 2.0, False, True, True, ("labels_sorted",)),
        CellRecord("explain_eval", "", None, 3.0, True, False, True),
    )
    notebook = NotebookRecord(NOTEBOOK, status, tuple(reasons), cells, wall_s=2.0, cpu_s=1.0)
    return SubmissionRecord(student, status, tuple(f"{NOTEBOOK}: {reason}" for reason in reasons), (notebook,))


def make_course(course: Path, students=("ada", "bob"), *, notebook: NotebookNode | None = None, **submission) -> Path:
    """Write gradebook, executed notebooks and records of `students`; `submission` holds its columns, as timestamp."""
    course.mkdir(parents=True, exist_ok=True)
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment(ASSIGNMENT)
        gradebook.add_notebook(NOTEBOOK, ASSIGNMENT)
        for name, points in POINTS.items():
            kind = "markdown" if name.startswith("explain") else "code"
            gradebook.add_grade_cell(name, NOTEBOOK, ASSIGNMENT, max_score=points, cell_type=kind)
        for name in ("read_labels", "explain_eval"):
            gradebook.add_solution_cell(name, NOTEBOOK, ASSIGNMENT)
        for student in students:
            gradebook.add_student(student)
            _hand_in(gradebook, student, submission)
            write_submission(course, student, notebook or make_notebook())
            write_record(CourseAssignment(course).records, make_record(student))
    return course


def write_submission(course: Path, student: str, notebook: NotebookNode) -> None:
    """Write one executed notebook where the gradebook's writer puts it."""
    folder = course / "autograded" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")


def _hand_in(gradebook: Gradebook, student: str, submission: dict) -> None:
    gradebook.add_submission(ASSIGNMENT, student, **submission)
    for cell, points in (("read_labels_usual", 1.0), ("read_labels_unusual", 0.0), ("explain_eval", None)):
        grade = gradebook.find_grade(cell, NOTEBOOK, ASSIGNMENT, student)
        grade.auto_score, grade.needs_manual_grade = points, points is None
    gradebook.db.commit()
