"""The first page of a student's feedback: what to do next, points for each exercise, and what became of it."""

from collections.abc import Collection, Sequence

from helpers.grading.feedback.pages import load_template
from helpers.grading.feedback.rows import list_next, list_rows
from helpers.grading.gradebook.points import sum_points
from helpers.grading.gradebook.points_text import describe_points, format_late
from helpers.grading.gradebook.read import StudentGrades
from helpers.grading.records import IN_PART, MISSING, TAMPERED, UNREADABLE, NotebookRecord, SubmissionRecord

MAX_NEXT = 5  # exercises that the page begins with
_OPENINGS = {
    IN_PART: "Not everything could be run. What ran was graded, what did not earned nothing.",
    TAMPERED: "Something was changed that must stay as it was handed out:",
    UNREADABLE: "This could not be read, so it was not graded:",
    MISSING: "Nothing was handed in.",
}


def list_remarks(record: SubmissionRecord | NotebookRecord | None) -> list[str]:
    """Return plain sentences: how it was graded unless in full, and the reasons, which name what did not run."""
    if record is None:
        return []
    opening = [_OPENINGS[record.status]] if record.status in _OPENINGS else []
    return list(dict.fromkeys((*opening, *record.reasons)))


def make_index(
    title: str,
    student: str,
    grades: StudentGrades,
    record: SubmissionRecord | None,
    pages: Collection[str],
    remarks: Sequence[str],
) -> str:
    """Return the page; `title` is the assignment's, and `pages` are the names of the notebooks that have one."""
    names = sorted({grade.cell.notebook for grade in grades.cells.values()})
    notebooks = [list_rows(name, grades, record, has_page=name in pages) for name in names]
    next_rows, points = list_next(notebooks), sum_points(grades)
    return load_template("index.html.j2").render(
        title=title,
        student=student,
        notebooks=notebooks,
        next_rows=next_rows[:MAX_NEXT],
        more=max(len(next_rows) - MAX_NEXT, 0),
        total=describe_points(points),
        late=format_late(points),
        remarks=remarks,
    )
