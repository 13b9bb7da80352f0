"""Compare the scores of two gradebooks, cell by cell; and the sum of what a machine gave."""

from collections.abc import Collection
from pathlib import Path

from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import SubmissionRecord

Points = dict[tuple[str, str, str], tuple[float, float, bool]]


def read_points(course: Path, students: Collection[str] | None = None) -> Points:
    """Return (score, most, waits for a person) of these students, or of all, by student, notebook and cell."""
    with open_gradebook(course) as gradebook:
        return {
            (submission.student.id, notebook.name, grade.cell.name): (
                grade.score,
                grade.max_score,
                bool(grade.needs_manual_grade),
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            if students is None or submission.student.id in students
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def sum_recorded(record: SubmissionRecord) -> float:
    """Return all that a machine gave a submission, core or not."""
    return sum(cell.points or 0.0 for notebook in record.notebooks for cell in notebook.cells)


def list_differences(one: Points, other: Points) -> list[str]:
    """Return a line for each cell whose scores are not the same."""
    return [
        f"{' / '.join(key)}: {_tell(one.get(key))} and {_tell(other.get(key))}"
        for key in sorted({*one, *other})
        if one.get(key) != other.get(key)
    ]


def _tell(score: tuple[float, float, bool] | None) -> str:
    if score is None:
        return "no grade"
    return f"{score[0]:g} of {score[1]:g}" + (", waits for a person" if score[2] else "")
