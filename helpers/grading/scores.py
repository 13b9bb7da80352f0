"""Read scores out of the gradebook."""

from dataclasses import dataclass
from pathlib import Path

from helpers.grading.course import open_gradebook
from helpers.grading.notebooks import ASSIGNMENT


@dataclass(frozen=True)
class NotebookScore:
    """One student's points in one notebook; manually graded cells count only once they are graded."""

    student: str
    notebook: str
    points: float
    autograded_points_possible: float
    cells_to_grade: int


def read_notebook_scores(course: Path) -> list[NotebookScore]:
    """Return every graded notebook's score, ordered by student and notebook."""
    with open_gradebook(course) as gradebook:
        scores = [
            _score_notebook(submission.student.id, notebook)
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
        ]
    return sorted(scores, key=lambda score: (score.student, score.notebook))


def _score_notebook(student: str, notebook) -> NotebookScore:
    autograded = [grade for grade in notebook.grades if grade.cell.cell_type == "code"]
    return NotebookScore(
        student=student,
        notebook=notebook.name,
        points=sum(grade.score for grade in notebook.grades),
        autograded_points_possible=sum(grade.max_score for grade in autograded),
        cells_to_grade=sum(1 for grade in notebook.grades if grade.needs_manual_grade),
    )
