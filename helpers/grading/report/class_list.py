"""Everybody in the class: what became of each submission, the points, and which answers wait for a person."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from helpers.grading.gradebook.points import ClassPoints, Points
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import STATUSES, Student, SubmissionRecord

NOT_YET = "not graded yet"


@dataclass(frozen=True)
class StudentResult:
    """One student of the class. `points` are None where nothing was graded.

    `feedback` and `notebooks` are where the report links to, "" where there is nothing.
    """

    id: str
    name: str
    status: str
    reasons: tuple[str, ...]
    points: Points | None
    feedback: str = ""
    notebooks: str = ""


@dataclass(frozen=True)
class Waiting:
    """Answers that wait for a person: how many of one grade id, and the points that each can earn."""

    grade_id: str
    notebook: str
    waiting: int
    max_points: float


def list_students(
    students: Iterable[Student], records: Mapping[str, SubmissionRecord], points: Mapping[str, Points]
) -> list[StudentResult]:
    """Return everybody of the roster and of the records, ordered by name."""
    roster = {student.id: student for student in students}
    names = {name: roster.get(name, Student(name)) for name in {**roster, **records}}
    results = [_make_result(student, records.get(name), points.get(name)) for name, student in names.items()]
    return sorted(results, key=lambda result: (result.name.casefold(), result.id))


def add_links(results: Iterable[StudentResult], assignment: CourseAssignment) -> list[StudentResult]:
    """Return the results with links, seen from the report's folder, to the feedback and notebooks that are there."""
    return [_add_links(result, assignment) for result in results]


def _add_links(result: StudentResult, assignment: CourseAssignment) -> StudentResult:
    if Path(result.id).name != result.id:  # an id that leads out of the course's folders has nothing there
        return result
    pages, notebooks = assignment.find_feedback(result.id)[0] / "index.html", assignment.find_executed(result.id)
    return replace(
        result,
        feedback=_link(pages, assignment) if pages.is_file() else "",
        notebooks=f"{_link(notebooks, assignment)}/" if notebooks.is_dir() else "",
    )


def _link(path: Path, assignment: CourseAssignment) -> str:
    return quote(Path(os.path.relpath(path, assignment.kept)).as_posix())


def _make_result(student: Student, record: SubmissionRecord | None, points: Points | None) -> StudentResult:
    name = ", ".join(part for part in (student.last_name, student.first_name) if part)
    if record is None:
        return StudentResult(student.id, name, NOT_YET, (), None)
    return StudentResult(student.id, name, record.status, record.reasons, points if record.was_graded else None)


def count_statuses(results: Iterable[StudentResult]) -> dict[str, int]:
    """Return how many students there are with each status; "not graded yet" only if there are any."""
    counts = Counter(result.status for result in results)
    return {status: counts[status] for status in (*STATUSES, NOT_YET) if status in STATUSES or counts[status]}


def list_waiting(points: ClassPoints) -> list[Waiting]:
    """Return what waits for a person, by notebook."""
    waiting = Counter(
        (grade.cell.notebook, grade.cell.grade_id, grade.cell.max_points)
        for grades in points.students.values()
        for grade in grades.cells.values()
        if grade.waits
    )
    return [Waiting(name, book, count, most) for (book, name, most), count in sorted(waiting.items())]
