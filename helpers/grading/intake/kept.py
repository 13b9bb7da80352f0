"""What was taken in, as a course keeps it in grading/ASSIGNMENT/intake.json: it holds when the course is moved."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.notebooks.assignment import CourseAssignment, list_taken_in
from helpers.grading.records import Student, Submission, parse_submission, write_json

DEPTH = 3
"""Parts of a path such as submitted/STUDENT/exercise_01, the last of any path that was kept whole."""


@dataclass(frozen=True)
class Intake:
    """What was taken in: the students, a submission of each, and a sentence for everything that is nobody's.

    `has_roster` tells that the students are those of a roster, and not just whoever handed something in; `remarks` are
    sentences on what was not as the last time. `zone` is that of the times in the system's worksheet; `away` are
    the submissions of those who have left the roster; `matched` counts files and folders that are somebody's.
    """

    students: tuple[Student, ...]
    submissions: tuple[Submission, ...]
    unknown: tuple[str, ...] = ()
    has_roster: bool = False
    remarks: tuple[str, ...] = ()
    zone: str = ""
    away: tuple[Submission, ...] = ()
    matched: int = 0

    @property
    def handed_in(self) -> dict[str, Submission]:
        """Everything that was ever taken in, by student: also of those who have left the roster, and may come back."""
        return {one.student: one for one in (*self.away, *self.submissions)}


def write_intake(assignment: CourseAssignment, intake: Intake) -> None:
    """Write COURSE/grading/ASSIGNMENT/intake.json."""
    course = assignment.course
    kept, away = (tuple(_make_relative(one, course) for one in some) for some in (intake.submissions, intake.away))
    write_json(_find_file(assignment), asdict(replace(intake, submissions=kept, away=away)))


def read_intake(assignment: CourseAssignment) -> Intake:
    """Read an assignment's intake.json. OSError, ValueError, KeyError or TypeError if it has none.

    IntakeError if it is that of another one.
    """
    data = json.loads(_find_file(assignment).read_text(encoding="utf-8"))
    return Intake(
        tuple(Student(**one) for one in data["students"]),
        tuple(_read_submission(one, assignment) for one in data["submissions"]),
        tuple(data["unknown"]),
        bool(data.get("has_roster", False)),
        tuple(data.get("remarks", ())),
        data.get("zone", ""),
        tuple(_read_submission(one, assignment) for one in data.get("away", ())),
        data.get("matched", 0),
    )


def _read_submission(data: dict, assignment: CourseAssignment) -> Submission:
    submission = parse_submission(data)
    if submission.assignment != assignment.name:
        path = _find_file(assignment)
        raise IntakeError(f"{path} is of {submission.assignment}, not of {assignment.name}: put it back there.")
    return _find_folder(submission, assignment.course)


def read_last_intake(assignment: CourseAssignment) -> Intake:
    """Read what was taken in last. IntakeError, in one sentence, if nothing was."""
    try:
        return read_intake(assignment)
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = f"Nothing of {assignment.name} has been taken in here yet. Name what was handed in: SUBMISSIONS=path."
        raise IntakeError(text) from error


def read_intakes(assignment: CourseAssignment) -> dict[str, Intake]:
    """Return what a course has taken in, by assignment: this one comes first, if anything of it was."""
    found = {}
    for one in dict.fromkeys((assignment, *list_taken_in(assignment.course))):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            found[one.name] = read_intake(one)
    return found


def find_kept_zone(intakes: Mapping[str, Intake]) -> str:
    """Return the first time zone that was kept, "" if none: an assignment without one has that of another."""
    return next((intake.zone for intake in intakes.values() if intake.zone), "")


def is_there(submission: Submission) -> bool:
    """Tell whether all notebooks that were taken in still lie in the submission's folder."""
    folder = Path(submission.folder) if submission.folder else None
    return folder is not None and all((folder / f"{name}.ipynb").is_file() for name in submission.notebooks)


def list_gone(submissions: Iterable[Submission]) -> list[str]:
    """Return the students whose files were taken in, and are not there any more."""
    return [one.student for one in submissions if one.folder and not is_there(one)]


def _find_file(assignment: CourseAssignment) -> Path:
    return assignment.kept / "intake.json"


def _make_relative(submission: Submission, course: Path) -> Submission:
    if submission.folder is None:
        return submission
    return replace(submission, folder=Path(submission.folder).relative_to(Path(course).resolve()).as_posix())


def _find_folder(submission: Submission, course: Path) -> Submission:
    """Return the submission with its folder in the course as it lies now; courses of earlier versions kept it whole."""
    if submission.folder is None:
        return submission
    kept = Path(submission.folder)
    if kept.is_absolute():
        depth = DEPTH + 1 if kept.parts[-DEPTH] == "clean" else DEPTH  # grading/clean/STUDENT/exercise_01
        kept = Path(*kept.parts[-depth:])
    return replace(submission, folder=str(Path(course).resolve() / kept))
