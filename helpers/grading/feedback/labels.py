"""What stands above a student's answer and above each check: what it is, its points, and whether it passed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.gradebook.points_text import format_points, name_points
from helpers.grading.gradebook.read import CellGrade, StudentGrades

ANSWER, CHECK, HIDDEN_CHECK = "Your answer:", "Check:", "Check at grading:"
PASSED, PARTLY, NOT_PASSED = "passed", "passed in part", "not passed"
WAITS, NOT_JUDGED = "waits for a person", "not judged"
_STATES = {PASSED: "good", PARTLY: "bad", NOT_PASSED: "bad"}  # classes of page_style


@dataclass(frozen=True)
class Label:
    """One answer or check: `kind` says which, `name` is its grade id; the rest is "" where there is none."""

    kind: str
    name: str
    points: str = ""
    result: str = ""
    comment: str = ""

    @property
    def state(self) -> str:
        """Return the class that shows the result."""
        return _STATES.get(self.result, "")

    @property
    def is_open(self) -> bool:
        """Whether this check is left to do."""
        return self.result in (PARTLY, NOT_PASSED)


def label_cells(notebook: NotebookNode, grades: StudentGrades) -> list[tuple[NotebookNode, Label]]:
    """Write its label into the metadata of every answer and check; return these cells with their labels."""
    labelled = []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") or about.get("solution"):
            cell.metadata["feedback"] = _make_label(about, grades)
            _leave_out_repetition(cell)
            labelled.append((cell, cell.metadata["feedback"]))
    return labelled


def _leave_out_repetition(cell: NotebookNode) -> None:
    """Leave of a check's outputs what its report does not say: neither its error, nor how many had passed so far."""
    reports = [output for output in cell.get("outputs", ()) if CHECK_MIME_TYPE in output.get("data", {})]
    if reports:
        cell.outputs = [output for output in cell.outputs if output.get("ename") != "CheckFailed"]
    for report in reports:
        text = report.data.get("text/plain", "")
        report.data["text/plain"] = text.partition("\nProgress: ")[0].rstrip()


def _make_label(about: Mapping[str, Any], grades: StudentGrades) -> Label:
    hidden = HIDDEN_CHECK if about.get("hidden") else CHECK
    kind = ANSWER if about.get("solution") else hidden
    name, comment = about["grade_id"], about.get("comment") or ""
    if not about.get("grade"):
        return Label(kind, name, comment=comment)
    return Label(kind, name, *_describe(grades.cells[name], kind), comment)


def _describe(grade: CellGrade, kind: str) -> tuple[str, str]:
    """Return points and result in words; points that a person gave for an answer speak for themselves."""
    points, most = grade.points, grade.cell.max_points
    if points is None:
        return name_points(most), WAITS if grade.waits else NOT_JUDGED
    words = f"{format_points(points)} of {name_points(most)}"
    if kind == ANSWER:
        return words, ""
    return words, PASSED if points >= most else PARTLY if points > 0 else NOT_PASSED
