"""Who will be late, before anything is in the gradebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from helpers.grading.gradebook.lateness import LEAST_S
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.penalties import EXTENSIONS_FILE, find_policy_zone, read_due_date
from helpers.grading.intake.due_dates import Extension, parse_due_date, read_extensions
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Submission


@dataclass(frozen=True)
class DueDates:
    """When work is due, in UTC without a zone, None if it never is; and what was agreed with single students."""

    due: datetime | None = None
    extensions: Mapping[str, Extension] = field(default_factory=dict)

    def find_due(self, student: str) -> datetime | None:
        """Return when a student's work is due."""
        own = self.extensions.get(student, Extension())
        if self.due is None or own.due is None:
            return self.due and self.due + timedelta(hours=own.hours)
        return max(own.due, self.due)

    def measure_lateness(self, submission: Submission) -> float:
        """Return the seconds by which a submission is late; the least that counts if only a mark says so."""
        due = self.find_due(submission.student)
        if due is None:
            return 0.0
        if submission.timestamp is None:
            return LEAST_S if submission.is_marked_late and due == self.due else 0.0
        came = datetime.fromisoformat(submission.timestamp).astimezone(UTC).replace(tzinfo=None)
        return max((came - due).total_seconds(), 0.0)


def read_due_dates(assignment: CourseAssignment, due: str, *, zone: str = "") -> DueDates:
    """Return when work is due: `due` as it was asked for, or else what the gradebook says; and all extensions.

    Those stand in extensions.csv, or, without the file, in the gradebook. `zone` is for dates that name none.
    DueDateError if one cannot be read.
    """
    zone, path = find_policy_zone(zone), Path(assignment.course) / EXTENSIONS_FILE
    for_all = parse_due_date(due, zone=zone) if due else read_due_date(assignment)
    if path.exists():
        return DueDates(for_all, read_extensions(path, zone=zone, assignment=assignment.name))
    return DueDates(for_all, _read_granted(assignment))


def _read_granted(assignment: CourseAssignment) -> dict[str, Extension]:
    """Return the extensions that the gradebook holds."""
    if not (Path(assignment.course) / "gradebook.db").exists():
        return {}
    with open_gradebook(assignment.course) as gradebook:
        submissions = gradebook.assignment_submissions(assignment.name)
        granted = {one.student.id: one.extension for one in submissions if one.extension}
    return {student: Extension(hours=extension.total_seconds() / 3600) for student, extension in granted.items()}
