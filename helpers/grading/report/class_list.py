"""Everybody in the class: what became of each submission, the points, and which answers wait for a person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpers.grading.grades import CellGrade
from helpers.grading.records import STATUSES, Student, SubmissionRecord

NOT_YET = "not graded yet"


@dataclass(frozen=True)
class StudentResult:
    """One student of the class. `points` is None where nothing was graded."""

    id: str
    name: str
    status: str
    reasons: tuple[str, ...]
    points: float | None


@dataclass(frozen=True)
class Question:
    """Cells that wait for a person: how many of one grade id, and the points that each can earn."""

    grade_id: str
    notebook: str
    waiting: int
    max_points: float


def list_students(
    students: Iterable[Student], records: Mapping[str, SubmissionRecord], points: Mapping[str, float]
) -> list[StudentResult]:
    """Return everybody of the roster and of the records, ordered by name."""
    roster = {student.id: student for student in students}
    names = {name: roster.get(name, Student(name)) for name in {**roster, **records}}
    results = [_make_result(student, records.get(name), points.get(name)) for name, student in names.items()]
    return sorted(results, key=lambda result: (result.name.casefold(), result.id))


def _make_result(student: Student, record: SubmissionRecord | None, points: float | None) -> StudentResult:
    name = ", ".join(part for part in (student.last_name, student.first_name) if part)
    if record is None:
        return StudentResult(student.id, name, NOT_YET, (), None)
    return StudentResult(student.id, name, record.status, record.reasons, points if record.notebooks else None)


def count_statuses(results: Iterable[StudentResult]) -> dict[str, int]:
    """Return how many students there are with each status; "not graded yet" only if there are any."""
    counts = Counter(result.status for result in results)
    return {status: counts[status] for status in (*STATUSES, NOT_YET) if status in STATUSES or counts[status]}


def sum_points(
    records: Mapping[str, SubmissionRecord], grades: Sequence[CellGrade], penalties: Mapping[tuple[str, str], float]
) -> dict[str, float]:
    """Return each student's points: the gradebook's less penalties, or the machine's where it knows none."""
    points = {name: record.points for name, record in records.items() if record.notebooks}
    points |= dict.fromkeys((grade.student for grade in grades), 0.0)
    for grade in grades:
        points[grade.student] += grade.points
    for (student, _), penalty in penalties.items():
        points[student] = points.get(student, 0.0) - penalty
    return points


def find_most_points(records: Mapping[str, SubmissionRecord]) -> float:
    """Return the points that a submission can earn, hand-graded questions included."""
    sums = (sum(cell.max_points for book in record.notebooks for cell in book.cells) for record in records.values())
    return max(sums, default=0.0)


def list_questions(records: Mapping[str, SubmissionRecord], grades: Sequence[CellGrade]) -> list[Question]:
    """Return what waits for a person, by notebook: as the gradebook says, or the records where it is silent."""
    known = {grade.student for grade in grades}
    waiting = [(grade.notebook, grade.grade_id, grade.max_points) for grade in grades if grade.waits]
    for student, record in records.items():
        for notebook in record.notebooks if student not in known else ():
            cells = [cell for cell in notebook.cells if cell.needs_manual]
            waiting += [(notebook.name, cell.grade_id, cell.max_points) for cell in cells]
    return [Question(name, book, count, most) for (book, name, most), count in sorted(Counter(waiting).items())]
