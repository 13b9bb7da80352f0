"""Apply the late policy to everybody: due date, extensions, what told when work came, and who is late by it.

The due date stands in the gradebook, and what was agreed with single students in extensions.csv in the course folder
(see due_dates.py).
"""

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from helpers.grading.gradebook.late_policy import LatePolicy
from helpers.grading.gradebook.lateness import LEAST_S, list_marked, measure_lateness
from helpers.grading.gradebook.open import open_course, open_gradebook, read_settings
from helpers.grading.intake.due_dates import Extension, find_zone, parse_due_date, read_extensions
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import read_records, touch_record

EXTENSIONS_FILE = "extensions.csv"
_ROUNDING = 1e-6  # points


@dataclass(frozen=True)
class Penalties:
    """Points taken off, by student (only those who lost some), and sentences for the instructor."""

    points: dict[str, float]
    remarks: tuple[str, ...] = ()


def read_due_date(assignment: CourseAssignment) -> datetime | None:
    """Return the due date that the course's gradebook holds, in UTC without a zone; None if there is none."""
    if not (assignment.course / "gradebook.db").exists():
        return None
    with open_gradebook(assignment.course) as gradebook, contextlib.suppress(MissingEntry):
        return gradebook.find_assignment(assignment.name).duedate
    return None


def check_dates(course: Path, due: str, *, zone: str = "") -> None:
    """Raise DueDateError, in one sentence, for a due date, extensions or a time zone that cannot be read."""
    if zone:
        find_zone(zone)
    zone = find_policy_zone(zone)
    if due:
        parse_due_date(due, zone=zone)
    if (path := Path(course) / EXTENSIONS_FILE).exists():
        read_extensions(path, zone=zone)


def find_policy_zone(zone: str) -> str:
    """Return the zone of dates that name none: the late policy's, or else `zone`."""
    return _start_plugin(read_settings(), zone)[1]


def _start_plugin(config: Config, zone: str) -> tuple[LateSubmissionPlugin, str]:
    """Return the late policy, and the zone of dates that name none: the policy's, or else `zone`."""
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    return step.plugin_inst, getattr(step.plugin_inst, "time_zone", "") or zone


def assign_penalties(gradebook: Gradebook, assignment: CourseAssignment, *, due: str = "", zone: str = "") -> Penalties:
    """Write every notebook's penalty into the gradebook, from the points that it holds now.

    Doing it again gives the same; after new grades it has to be done again. `due` sets the due date of all
    ("2026-12-01 23:59 Europe/Berlin"); without it, the one in the gradebook holds, and with none nothing is
    late. extensions.csv of the course sets everybody's extension; without the file, those in the gradebook hold. `zone`
    is for dates that name none. The feedback of those whose penalty changes is then older than their record.
    DueDateError, in one sentence, if `due` or the file cannot be read.
    """
    plugin, zone = _start_plugin(open_course(assignment.course).config, zone)
    remarks: tuple[str, ...] = ()
    if due:
        gradebook.update_or_create_assignment(assignment.name, duedate=parse_due_date(due, zone=zone))
    gradebook.db.commit()  # forgets what was read, so that points given meanwhile are seen
    path = assignment.course / EXTENSIONS_FILE
    if path.exists():
        extensions = read_extensions(path, zone=zone, assignment=assignment.name)
        remarks = _grant_extensions(gradebook, extensions, assignment.name)
        if isinstance(plugin, LatePolicy):
            plugin.waived = [*plugin.waived, *(name for name, extension in extensions.items() if extension.waived)]
    submissions = gradebook.assignment_submissions(assignment.name)
    marked = list_marked(read_records(assignment.records, assignment=assignment.name).values())
    before = {submission.student.id: submission.late_submission_penalty or 0.0 for submission in submissions}
    points = {submission.student.id: _assign_to(submission, plugin, marked) for submission in submissions}
    for student in (name for name in points if abs(points[name] - before[name]) > _ROUNDING):
        touch_record(assignment.records, student)
    gradebook.db.commit()
    return Penalties({student: taken for student, taken in points.items() if taken}, remarks)


def _assign_to(submission: SubmittedAssignment, plugin: LateSubmissionPlugin, marked: Collection[str]) -> float:
    """Write the penalties of one submission's notebooks; return their sum."""
    late_s, total = measure_lateness(submission, marked), 0.0
    if late_s == LEAST_S:
        late_s += 60 * getattr(plugin, "grace_minutes", 0)
    for notebook in submission.notebooks:
        penalty = None
        if late_s > 0:
            penalty = plugin.late_submission_penalty(submission.student.id, notebook.score, late_s)
        if penalty is not None:
            penalty = min(max(penalty, 0.0), notebook.score)
            total += penalty
        notebook.late_submission_penalty = penalty
    return total


def _grant_extensions(gradebook: Gradebook, extensions: dict[str, Extension], assignment: str) -> tuple[str, ...]:
    due = gradebook.find_assignment(assignment).duedate
    for submission in gradebook.assignment_submissions(assignment):
        extension = extensions.get(submission.student.id, Extension())
        if extension.due is not None and due is not None:
            submission.extension = max(extension.due - due, timedelta(0)) or None
        else:
            submission.extension = timedelta(hours=extension.hours) or None
    unknown = sorted(set(extensions) - {student.id for student in gradebook.students})
    return (
        (f"{EXTENSIONS_FILE} names students whom the gradebook does not know: {', '.join(unknown)}.",)
        if unknown
        else ()
    )
