"""Who is late, and by which clock."""

from collections.abc import Collection, Iterable, Mapping

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from helpers.grading.intake.times import FILES, MARK
from helpers.grading.records import SubmissionRecord

LEAST_S = 1.0
UNKNOWN = "nothing: no time is known"
BY_MARK = MARK.format(title="the system")  # of courses of earlier versions
OF_COPIES = " (a folder that was copied has new times: look whether they are right)"


def list_marked(records: Iterable[SubmissionRecord]) -> set[str]:
    """Return the students whose work a system calls late, and whose time is not known."""
    return {record.student for record in records if record.is_marked_late and not record.timestamp}


def measure_lateness(submission: SubmittedAssignment, marked: Collection[str]) -> float:
    """Return the seconds by which a submission is late, 0 if it is not.

    Work that a system marks as late, without saying when it came, is late by the least that counts; not if an extension
    was agreed with the student, as nobody knows whether it was enough.
    """
    if submission.timestamp is None and submission.student.id in marked:
        is_due = submission.assignment.duedate is not None and not submission.extension
        return LEAST_S if is_due else 0.0
    return submission.total_seconds_late


def list_clocks(gradebook: Gradebook, assignment: str, records: Mapping[str, SubmissionRecord]) -> list[str]:
    """Return a sentence for each clock: how many came by it, and who is late by it. Nothing without a due date."""
    try:
        due = gradebook.find_assignment(assignment).duedate
    except MissingEntry:
        return []
    if due is None:
        return []
    marked = list_marked(records.values())
    came: dict[str, list[str]] = {}
    late: dict[str, list[str]] = {}
    for submission in gradebook.assignment_submissions(assignment):
        student = submission.student.id
        if student in records:
            clock = records[student].clock or (BY_MARK if student in marked else UNKNOWN)
            clock = clock if submission.timestamp is not None or student in marked else UNKNOWN
            came.setdefault(clock, []).append(student)
            if measure_lateness(submission, marked) > 0:
                late.setdefault(clock, []).append(student)
    return [_describe(clock, came[clock], late.get(clock, [])) for clock in sorted(came)]


def _describe(clock: str, came: list[str], late: list[str]) -> str:
    names = f": {', '.join(sorted(late))}" if late else ""
    of_copies = OF_COPIES if clock == FILES else ""
    return f"When it came, of {len(came)} by {clock}{of_copies}: {len(late)} after the due date{names}."
