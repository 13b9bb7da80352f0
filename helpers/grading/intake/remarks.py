"""What is not as it was the last time that a class was taken in, in sentences for the terminal and the report."""

from collections.abc import Collection, Mapping

from helpers.grading.intake.earlier import is_about_older
from helpers.grading.intake.kept import Intake, list_gone
from helpers.grading.records import Submission

SHOWN = 10
OF_BEFORE = "Nothing new came from {names}: what they handed in before counts."
LEFT = "No longer on the roster, and left out of report and exports (their records and grades stay): {names}."
GONE = (
    "The files of {names} do not lie in the course any more: what was graded stays graded, and AGAIN cannot grade it. "
    "Put them back, or give SUBMISSIONS= again, for that."
)
OLDER_COUNTS = "Only some of the notebooks came again from {names}: of the others, those handed in before count."


def list_remarks(
    before: Mapping[str, Submission], students: Collection[str], taken: Mapping[str, Submission]
) -> list[str]:
    """Return a sentence each on who handed in nothing new, who resubmitted in part, and who left the roster."""
    remarks = []
    if silent := [name for name, one in before.items() if name in students and name not in taken and one.folder]:
        remarks.append(OF_BEFORE.format(names=show_students(silent)))
    if partly := [name for name, one in taken.items() if any(map(is_about_older, one.problems))]:
        remarks.append(OLDER_COUNTS.format(names=show_students(partly)))
    if left := [name for name, one in before.items() if name not in students and (one.folder or one.problems)]:
        remarks.append(LEFT.format(names=show_students(left)))
    return remarks


def explain_gone(intake: Intake) -> list[str]:
    """Return what is to be said of files that are not where they were taken in to; nothing if all are there."""
    gone = list_gone(intake.submissions)
    return [GONE.format(names=show_students(gone))] if gone else []


def show_students(names: Collection[str]) -> str:
    """Return ids as a message lists them: the first ten, and how many there are."""
    names = list(names)
    more = f", ... ({len(names):,} students)" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
