"""Read grades out of the gradebook, with what people graded by hand; one question to the database, however many."""

from dataclasses import dataclass

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

from helpers.grading.notebooks import ASSIGNMENT


@dataclass(frozen=True, slots=True)
class CellGrade:
    """One student's grade in one cell, with manual grades and extra points; `waits` for a person to grade it."""

    student: str
    notebook: str
    grade_id: str
    points: float
    max_points: float
    waits: bool


@dataclass(frozen=True)
class StudentGrades:
    """Everything the gradebook knows of one student: grades and comments by grade id, penalties by notebook.

    A penalty is in points, and positive.
    """

    cells: dict[str, CellGrade]
    comments: dict[str, str]
    penalties: dict[str, float]


def read_grades(gradebook: Gradebook, *, student: str | None = None) -> list[CellGrade]:
    """Return the grades of every student, or of one."""
    query = gradebook.db.query(
        SubmittedAssignment.student_id,
        Notebook.name,
        BaseCell.name,
        Grade.score,
        Grade.max_score,
        Grade.needs_manual_grade,
    ).select_from(Grade)
    rows = _choose(query.join(Grade.notebook).join(Grade.cell), student).yield_per(1000)
    return [CellGrade(*row[:-1], waits=bool(row[-1])) for row in rows]  # type: ignore[misc]  # the columns above


def read_penalties(gradebook: Gradebook, *, student: str | None = None) -> dict[tuple[str, str], float]:
    """Return the late penalties that are not zero, in points, by student and notebook."""
    query = gradebook.db.query(
        SubmittedAssignment.student_id, Notebook.name, SubmittedNotebook.late_submission_penalty
    ).select_from(SubmittedNotebook)
    return {(name, notebook): penalty for name, notebook, penalty in _choose(query, student) if penalty}


def read_student(gradebook: Gradebook, student: str) -> StudentGrades:
    """Return one student's grades, comments and penalties; all empty if the gradebook does not know of any."""
    query = gradebook.db.query(BaseCell.name, Comment.comment).select_from(Comment)
    comments = {name: text for name, text in _choose(query.join(Comment.notebook).join(Comment.cell), student) if text}
    penalties = {notebook: penalty for (_, notebook), penalty in read_penalties(gradebook, student=student).items()}
    return StudentGrades(
        {grade.grade_id: grade for grade in read_grades(gradebook, student=student)}, comments, penalties
    )


def _choose(query, student: str | None):
    """Keep of a query on submitted notebooks those of this exercise, and of one student if named."""
    query = query.join(SubmittedNotebook.assignment).join(SubmittedNotebook.notebook)
    query = query.join(SubmittedAssignment.assignment).filter(Assignment.name == ASSIGNMENT)
    return query.filter(SubmittedAssignment.student_id == student) if student is not None else query
