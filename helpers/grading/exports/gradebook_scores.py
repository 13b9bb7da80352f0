"""Read the class's points out of nbgrader's gradebook: what a person graded counts before what the machine did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbgrader.api import Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Row

from helpers.grading.notebooks import ASSIGNMENT
from helpers.grading.records import MISSING, UNREADABLE, SubmissionRecord


@dataclass(frozen=True)
class GradedCell:
    """A cell that gives points, as it is for everybody."""

    id: str
    notebook: str
    grade_id: str
    max_points: float
    is_code: bool


@dataclass(frozen=True, slots=True)
class CellScore:
    """One student's points for one cell, None if it is not graded."""

    cell: GradedCell
    points: float | None
    needs_manual: bool


@dataclass(frozen=True)
class ClassScores:
    """The exercise's graded cells, and each student's scores and late penalty by student id."""

    cells: tuple[GradedCell, ...]
    scores: dict[str, tuple[CellScore, ...]]
    penalties: Mapping[str, float]

    @property
    def max_points(self) -> float:
        """The points that can be had in all."""
        return sum(cell.max_points for cell in self.cells)

    def total(self, student: str, record: SubmissionRecord | None) -> float | None:
        """Return a student's points after the late penalty, never below 0; None as long as there is no grade.

        There is none without a record, for work that is missing or unreadable, and while a code cell has no
        points (they wait for a person). Answers in free text that nobody has graded yet count as 0.
        """
        scores = self.scores.get(student)
        if not scores or not was_graded(record):
            return None
        if any(score.points is None for score in scores if score.cell.is_code):
            return None
        return max(0.0, sum(score.points or 0.0 for score in scores) - self.penalties.get(student, 0.0))


def was_graded(record: SubmissionRecord | None) -> bool:
    """Tell whether a submission was graded at all."""
    return record is not None and record.status not in (MISSING, UNREADABLE)


def read_class_scores(gradebook: Gradebook) -> ClassScores:
    """Return everybody's points. nbgrader's MissingEntry if the exercise is not in the gradebook."""
    cells = {cell.id: cell for cell in _list_cells(gradebook)}
    scores: dict[str, list[CellScore]] = {}
    for grade in _list_grades(gradebook):
        if grade.cell_id in cells:
            score = CellScore(cells[grade.cell_id], _count_points(grade), bool(grade.needs_manual_grade))
            scores.setdefault(grade.student_id, []).append(score)
    return ClassScores(
        cells=tuple(cells.values()),
        scores={student: tuple(found) for student, found in scores.items()},
        penalties=_read_penalties(gradebook),
    )


def _list_cells(gradebook: Gradebook) -> Iterable[GradedCell]:
    for notebook in sorted(gradebook.find_assignment(ASSIGNMENT).notebooks, key=lambda notebook: notebook.name):
        for cell in notebook.grade_cells:
            yield GradedCell(cell.id, notebook.name, cell.name, float(cell.max_score), cell.cell_type == "code")


def _list_grades(gradebook: Gradebook) -> Iterable[Row]:
    """Return every grade in one query: grade by grade, a class would take minutes, and as objects much memory."""
    wanted = Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade
    query = gradebook.db.query(SubmittedAssignment.student_id, *wanted).select_from(SubmittedAssignment)
    query = query.join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
    query = query.join(Grade, Grade.notebook_id == SubmittedNotebook.id)
    return query.filter(SubmittedAssignment.assignment_id == gradebook.find_assignment(ASSIGNMENT).id).yield_per(1000)


def _count_points(grade: Row) -> float | None:
    points = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if points is None else points + (grade.extra_credit or 0.0)


def _read_penalties(gradebook: Gradebook) -> Mapping[str, float]:
    submissions = gradebook.assignment_submissions(ASSIGNMENT)
    return {submission.student_id: submission.late_submission_penalty or 0.0 for submission in submissions}
