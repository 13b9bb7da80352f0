"""Read scores out of the gradebook, and what became of a submission out of its executed notebooks."""

from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from helpers.grading.notebooks import ASSIGNMENT, list_notebooks, read_notebook
from helpers.grading.plugins import KERNEL_DIED


@dataclass(frozen=True)
class NotebookScore:
    """One student's points in one notebook; manually graded cells count only once they are graded."""

    student: str
    notebook: str
    points: float
    autograded_points_possible: float
    cells_to_grade: int


def read_notebook_scores(db_url: str) -> list[NotebookScore]:
    """Return every graded notebook's score, ordered by student and notebook."""
    with Gradebook(db_url) as gradebook:
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


def read_cell_scores(db_url: str, student: str) -> dict[str, tuple[float, float, bool]]:
    """Return (points, points possible, needs manual grading) of each of a student's graded cells, by grade id."""
    with Gradebook(db_url) as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, student)
        return {
            grade.cell.name: (grade.score, grade.max_score, bool(grade.needs_manual_grade))
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def list_died_notebooks(autograded: Path) -> list[str]:
    """Return the names of a submission's autograded notebooks whose kernel died."""
    return [path.stem for path in list_notebooks(autograded) if _kernel_died(path)]


def _kernel_died(path: Path) -> bool:
    outputs = [output for cell in read_notebook(path).cells for output in cell.get("outputs", [])]
    return any(output.get("ename") == KERNEL_DIED for output in outputs)
