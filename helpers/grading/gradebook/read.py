"""Read grades out of the gradebook, with what people graded by hand; one question to the database, however many."""

from dataclasses import dataclass, field

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)


@dataclass(frozen=True, slots=True)
class GradedCell:
    """A cell that gives points, as it is for everybody; `is_code` tells it from an answer in free text."""

    notebook: str
    grade_id: str
    max_points: float
    is_code: bool = True


@dataclass(frozen=True, slots=True)
class CellGrade:
    """One student's grade in one cell. A person's points go before the machine's; None as long as there are none.

    `waits` says that a person has to look at it, perhaps once more: then it has points already.
    """

    cell: GradedCell
    points: float | None
    waits: bool


@dataclass(frozen=True)
class StudentGrades:
    """What the gradebook knows of one student: grades and comments by grade id, penalties in points by notebook."""

    cells: dict[str, CellGrade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    penalties: dict[str, float] = field(default_factory=dict)


def list_cells(gradebook: Gradebook, assignment: str) -> dict[str, GradedCell]:
    """Return the assignment's graded cells by the gradebook's own ids, ordered by notebook; none if it is not there."""
    query = gradebook.db.query(GradeCell.id, Notebook.name, GradeCell.name, GradeCell.max_score, GradeCell.cell_type)
    query = query.select_from(GradeCell).join(GradeCell.notebook).join(Notebook.assignment)
    rows = query.filter(Assignment.name == assignment).order_by(Notebook.name)
    return {cell_id: GradedCell(book, name, float(most), kind == "code") for cell_id, book, name, most, kind in rows}


def read_grades(gradebook: Gradebook, assignment: str, *, student: str | None = None) -> dict[str, StudentGrades]:
    """Return grades and penalties by student: of all who handed in, or of one."""
    cells = list_cells(gradebook, assignment)
    found: dict[str, StudentGrades] = {}
    wanted = Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade
    query = gradebook.db.query(SubmittedAssignment.student_id, *wanted).select_from(Grade).join(Grade.notebook)
    for name, cell_id, by_machine, by_hand, more, waits in _choose(query, assignment, student).yield_per(1000):
        if cell_id in cells:
            points = by_machine if by_hand is None else by_hand
            points = None if points is None else points + (more or 0.0)
            grades = found.setdefault(name, StudentGrades())
            grades.cells[cells[cell_id].grade_id] = CellGrade(cells[cell_id], points, bool(waits))
    for name, notebook, penalty in _list_penalties(gradebook, assignment, student):
        found.setdefault(name, StudentGrades()).penalties[notebook] = penalty
    return found


def read_student(gradebook: Gradebook, assignment: str, student: str) -> StudentGrades:
    """Return one student's grades, comments and penalties; all empty if the gradebook does not know of any."""
    grades = read_grades(gradebook, assignment, student=student).get(student, StudentGrades())
    query = gradebook.db.query(BaseCell.name, Comment.comment).select_from(Comment)
    comments = _choose(query.join(Comment.notebook).join(Comment.cell), assignment, student)
    grades.comments.update({name: text for name, text in comments if text})
    return grades


def _list_penalties(gradebook: Gradebook, assignment: str, student: str | None) -> list[tuple[str, str, float]]:
    penalty = SubmittedNotebook.late_submission_penalty
    query = gradebook.db.query(SubmittedAssignment.student_id, Notebook.name, penalty).select_from(SubmittedNotebook)
    return [row for row in _choose(query, assignment, student) if row[2]]


def _choose(query, assignment: str, student: str | None):
    """Keep of a query on submitted notebooks those of this assignment, and of one student if named."""
    query = query.join(SubmittedNotebook.assignment).join(SubmittedNotebook.notebook)
    query = query.join(SubmittedAssignment.assignment).filter(Assignment.name == assignment)
    return query.filter(SubmittedAssignment.student_id == student) if student is not None else query
