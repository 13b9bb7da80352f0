"""What late work costs: nbgrader's plug-in with this course's policy, and the step that applies it to everybody.

The policy stands in nbgrader_config.py (c.LatePolicy), the due date in the gradebook, and what was agreed with
single students in extensions.csv in the course folder (see due_dates.py).
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float, List, TraitError, Unicode, validate

from helpers.grading.course import open_course
from helpers.grading.due_dates import DueDateError, Extension, parse_due_date, read_extensions
from helpers.grading.notebooks import ASSIGNMENT

EXTENSIONS_FILE = "extensions.csv"
_DAY_S = 24 * 60 * 60

__all__ = ["DueDateError", "LatePolicy", "Penalties", "assign_penalties", "compute_penalty"]


class LatePolicy(LateSubmissionPlugin):
    """So many percent of the points earned are taken off for each day begun, up to a limit.

    `penalty_method`, which nbgrader's own plug-in has, is not used.
    """

    grace_minutes = Float(15, min=0, help="Minutes after the due date that do not count.").tag(config=True)
    percent_per_started_day = Float(0, min=0, help="Percent of the points earned, a day begun.").tag(config=True)
    most_percent = Float(100, help="Never more than this, in percent of the points earned.").tag(config=True)
    time_zone = Unicode("", help="Zone of due dates that name none, such as Europe/Berlin.").tag(config=True)
    waived = List(Unicode(), help="Ids of students whose lateness costs nothing.").tag(config=True)

    @validate("most_percent")
    def _check_most_percent(self, proposal) -> float:
        if not 0 <= proposal["value"] <= 100:
            raise TraitError(f"LatePolicy.most_percent runs from 0 to 100, and is {proposal['value']:g}.")
        return proposal["value"]

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points to take off one notebook with `score` points; None if nothing is."""
        if student_id in self.waived:
            return None
        return compute_penalty(score, seconds_late=total_seconds_late, policy=self) or None


def compute_penalty(score: float, *, seconds_late: float, policy: LatePolicy) -> float:
    """Return the points to take off `score` points earned: 0 up to the end of the grace, then a part for each day.

    Days are counted from the end of the grace, and a day begun counts as a whole one.
    """
    late_s = seconds_late - policy.grace_minutes * 60
    if late_s <= 0 or score <= 0:
        return 0.0
    days = math.ceil(late_s / _DAY_S)
    return score * min(days * policy.percent_per_started_day, policy.most_percent) / 100


@dataclass(frozen=True)
class Penalties:
    """Points taken off, by student (only those who lost some), and sentences for the instructor."""

    points: dict[str, float]
    remarks: tuple[str, ...] = ()


def assign_penalties(gradebook: Gradebook, *, course: Path, due: str = "") -> Penalties:
    """Write every notebook's penalty into the gradebook, from the points that it holds now.

    Doing it again gives the same; after new grades it has to be done again. `due` sets the due date of all
    ("2026-12-01 23:59 Europe/Berlin"); without it, the one in the gradebook holds, and with none nothing is
    late. extensions.csv in `course` sets everybody's extension; without the file, those in the gradebook hold.
    DueDateError, in one sentence, if `due` or the file cannot be read.
    """
    step = AssignLatePenalties(config=open_course(course).config)
    step.init_plugin()
    plugin, remarks = step.plugin_inst, ()
    zone = getattr(plugin, "time_zone", "")
    if due:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=parse_due_date(due, zone=zone))
    gradebook.db.commit()  # forgets what was read, so that points given meanwhile are seen
    path = Path(course) / EXTENSIONS_FILE
    if path.exists():
        extensions = read_extensions(path, zone=zone)
        remarks = _grant_extensions(gradebook, extensions)
        if isinstance(plugin, LatePolicy):
            plugin.waived = [*plugin.waived, *(name for name, extension in extensions.items() if extension.waived)]
    submissions = gradebook.assignment_submissions(ASSIGNMENT)
    points = {submission.student.id: _assign_to(submission, plugin) for submission in submissions}
    gradebook.db.commit()
    return Penalties({student: taken for student, taken in points.items() if taken}, remarks)


def _assign_to(submission: SubmittedAssignment, plugin: LateSubmissionPlugin) -> float:
    """Write the penalties of one submission's notebooks; return their sum."""
    late_s, total = submission.total_seconds_late, 0.0
    for notebook in submission.notebooks:
        penalty = None
        if late_s > 0:
            penalty = plugin.late_submission_penalty(submission.student.id, notebook.score, late_s)
        if penalty is not None:
            penalty = min(max(penalty, 0.0), notebook.score)
            total += penalty
        notebook.late_submission_penalty = penalty
    return total


def _grant_extensions(gradebook: Gradebook, extensions: dict[str, Extension]) -> tuple[str, ...]:
    due = gradebook.find_assignment(ASSIGNMENT).duedate
    for submission in gradebook.assignment_submissions(ASSIGNMENT):
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
