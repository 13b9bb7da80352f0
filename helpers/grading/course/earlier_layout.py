"""Courses of earlier versions had one assignment, whose files lay in grading/ itself: they are moved, once."""

from pathlib import Path

from helpers.grading.errors import GradingError
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import ASSIGNMENT_OF_BEFORE

OWN = ("pending", "questions", "handed_out", "replaced", "exports", "report.html", "exercise.json", "intake.json")
BOTH = "{old} and {new} are both there: keep the newer one as {new}, and remove the other, then try again."


def move_earlier(course: Path) -> None:
    """Move what lies in COURSE/grading and belongs to one assignment into that one's folder.

    Each file is moved whole, with its time, so that nobody is graded anew and no page is written anew; a run that was
    killed goes on. Does nothing in a course that has been moved. GradingError where an old and a new one are there.
    """
    assignment, grading = CourseAssignment(course, ASSIGNMENT_OF_BEFORE), course / "grading"
    records = grading / "records"
    for path in sorted(records.glob("*.json")):
        _move(course / "feedback" / f"{path.stem}.zip", assignment.find_feedback(path.stem)[1])
    for path in (*(grading / name for name in OWN), *sorted(grading.glob("again-*.txt")), records):
        _move(path, assignment.kept / path.name)


def _move(old: Path, new: Path) -> None:
    if not old.exists():
        return
    if new.exists():
        raise GradingError(BOTH.format(old=old, new=new))
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)
