"""Take in a class: find each student's files, refuse what is not safe, and write one clean copy a student.

The clean copies are COURSE/submitted/STUDENT/exercise_01/. If the submissions lie in COURSE/submitted itself, that
folder is only read, and the copies are COURSE/grading/clean/STUDENT/exercise_01/. A copy that changes is not
deleted: the old one moves to COURSE/grading/replaced/STUDENT/1, 2, ...
"""

import json
import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from helpers.grading.intake.items import IntakeError, Limits
from helpers.grading.intake.layouts import list_entries
from helpers.grading.intake.marks import ReleasedNotebook, read_release
from helpers.grading.intake.own_process import take_in_apart
from helpers.grading.intake.roster import read_roster
from helpers.grading.intake.sorting import Sorter
from helpers.grading.intake.taking import Desk
from helpers.grading.notebooks import RELEASE
from helpers.grading.records import Student, Submission, parse_submission, write_json

SCRATCH = ".intake-"


@dataclass(frozen=True)
class Intake:
    """What was taken in: the students, a submission of each, and a sentence for everything that is nobody's."""

    students: tuple[Student, ...]
    submissions: tuple[Submission, ...]
    unknown: tuple[str, ...] = ()


def collect(
    submissions: Path,
    course: Path,
    *,
    roster: Path | None = None,
    release: Path = RELEASE,
    limits: Limits | None = None,
    show_progress: bool = False,
) -> Intake:
    """Take in a class and write COURSE/grading/intake.json.

    submissions: a folder with a folder or a zip a student, or as Canvas or Moodle export them, unpacked or as one
    archive. roster: CSV; without it the students are those who handed something in. IntakeError, in one sentence,
    if there is nothing that can be taken in.
    """
    submissions, course, limits = Path(submissions), Path(course).resolve(), limits or Limits()
    sorter = Sorter(read_roster(roster) if roster is not None else None)
    try:
        with ExitStack() as stack:
            for entry in list_entries(submissions, stack, limits, is_known=sorter.knows):
                sorter.sort(entry)
            sorter.settle()
            if not sorter.students:
                raise IntakeError(f"No student's work is in {submissions}: it must hold a folder or a .zip a student.")
            desk = _make_desk(submissions, course, stack, released=read_release(release), limits=limits)
            work = [(student, sorter.sources.get(student.id, [])) for student in sorter.students.values()]
            progress = {"total": len(work), "disable": not show_progress, "file": sys.stdout}
            taken = tuple(tqdm(take_in_apart(work, desk), "Taking in", **progress))
        intake = Intake(tuple(sorter.students.values()), taken, tuple(sorter.unknown))
        write_json(course / "grading" / "intake.json", asdict(intake))
    except OSError as error:
        place = error.filename or course
        raise IntakeError(f"Taking in stopped at {place} ({error.strerror}): mend that, then run it again.") from None
    return intake


def read_intake(path: Path) -> Intake:
    """Read an intake.json. OSError, ValueError, KeyError or TypeError if it is none."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    submissions = map(parse_submission, data["submissions"])
    return Intake(tuple(Student(**one) for one in data["students"]), tuple(submissions), tuple(data["unknown"]))


def _make_desk(
    submissions: Path, course: Path, stack: ExitStack, *, released: tuple[ReleasedNotebook, ...], limits: Limits
) -> Desk:
    """Return where the copies go, after clearing away what an intake that was killed left behind."""
    grading = course / "grading"
    grading.mkdir(parents=True, exist_ok=True)
    for path in grading.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
    scratch = stack.enter_context(tempfile.TemporaryDirectory(dir=grading, prefix=SCRATCH))
    copies = grading / "clean" if _overlap(submissions, course / "submitted") else course / "submitted"
    return Desk(released, limits, copies, Path(scratch), grading / "replaced")


def read_last_intake(course: Path) -> Intake:
    """Read what was taken in last. IntakeError, in one sentence, if nothing was."""
    try:
        return read_intake(Path(course) / "grading" / "intake.json")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntakeError("Nothing has been taken in here yet. Name what was handed in: SUBMISSIONS=path.") from error


def _overlap(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one == other or one in other.parents or other in one.parents
