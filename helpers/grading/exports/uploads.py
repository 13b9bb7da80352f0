"""What an LMS is told of a student: one grade, scaled alike to the maximum that the roster names."""

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.lms.columns import find_system, name_row
from helpers.grading.records import Student, SubmissionRecord


@dataclass(frozen=True)
class Upload:
    """One student's grade, of so many points; None, which the systems leave as it is, as long as there is none."""

    grade: float | None
    maximum: float


def make_upload(student: Student, record: SubmissionRecord | None, points: ClassPoints, *, title: str) -> Upload:
    """Return what is uploaded of a student: the whole core gives the maximum, and nothing gives more.

    There is no grade without a record, for work that is missing or unreadable, and while a check has no points (they
    wait for a person). What else waits for a person is not in the grade yet. Optional points are in it if the course's
    settings say so: they make up for points of the core that were lost.
    """
    most = points.core_most
    maximum = find_maximum([student], title) or most
    own = points.find(student.id)
    if own is None or record is None or not record.was_graded or not own.is_complete:
        return Upload(None, maximum)
    counted = min(max(own.count(extra=points.extra), 0.0), most)
    return Upload(counted * maximum / most if most else counted, maximum)


def find_maximum(students: Iterable[Student], title: str) -> float:
    """Return the maximum that the roster names: Moodle's "Maximum Grade", Canvas's "Points Possible"; 0 if it does not.

    Canvas names one for all, and Moodle's worksheet one a line.
    """
    named = (_find_points(student, title) or student.points_possible for student in students)
    return next(filter(None, map(_read_number, named)), 0.0)


def _find_points(student: Student, title: str) -> str:
    system = find_system(student.row)
    return system.roster.find_points(name_row(student.row), title) if system else ""


def _read_number(text: str) -> float:
    """Return a number written with a decimal point or comma, 0 if it is none that can be a maximum."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return 0.0
    return number if 0 < number < float("inf") else 0.0
