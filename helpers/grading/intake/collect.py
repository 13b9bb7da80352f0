"""Take in a class: find each student's files, refuse what is not safe, and write one clean copy a student.

The clean copies are COURSE/submitted/STUDENT/ASSIGNMENT/. If the submissions lie in COURSE/submitted itself, that
folder is only read, and the copies are COURSE/grading/clean/STUDENT/ASSIGNMENT/. A copy that changes is not deleted:
the old one moves to COURSE/grading/ASSIGNMENT/replaced/STUDENT/1, 2, ... What was taken in before and does not come
this time goes on counting.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from helpers.grading.files.items import IntakeError, IntakeLimits
from helpers.grading.intake.kept import Intake, write_intake
from helpers.grading.intake.lists import Lists
from helpers.grading.intake.notebooks.marks import ReleasedNotebook, read_release
from helpers.grading.intake.students.guessing import explain_map
from helpers.grading.intake.taking import IntakeDesk
from helpers.grading.intake.taking_class import take_in_all
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ROOT

SCRATCH = ".intake-"


def collect(
    submissions: Path,
    assignment: CourseAssignment,
    lists: Lists | None = None,
    *,
    release: Path | None = None,
    limits: IntakeLimits | None = None,
    show_progress: bool = False,
) -> Intake:
    """Take in a class and write COURSE/grading/ASSIGNMENT/intake.json.

    submissions: a folder with a folder or a zip a student, or as an LMS exports them, unpacked or as one archive.
    release: the folder of the students' notebooks, if not the repository's. Without a roster, the last one holds; if
    there never was one, the students are those who handed something in.
    IntakeError, in one sentence, if there is nothing that can be taken in, or the class is another.
    """
    submissions, assignment, limits = Path(submissions), _resolve(assignment), limits or IntakeLimits()
    with _explain(assignment.course), ExitStack() as stack:
        make_desk = partial(_make_desk, submissions, assignment, stack, limits, release)
        options: dict[str, Any] = {"limits": limits, "show_progress": show_progress}
        taken = take_in_all(submissions, assignment, lists or Lists(), stack, make_desk, **options)
        taken.known.meet(taken.intake.students)
        taken.known.write(assignment.course)
        write_intake(assignment, taken.intake)
    return taken.intake


@dataclass(frozen=True)
class Look:
    """What taking in would give. `files` counts what each student handed in; `hint` says what to do with strays."""

    intake: Intake
    files: dict[str, int]
    hint: str = ""


def look(
    submissions: Path, assignment: CourseAssignment, lists: Lists | None = None, *, release: Path | None = None
) -> Look:
    """Take in a class as `collect` does, and leave the course as it is."""
    submissions, assignment, limits = Path(submissions), _resolve(assignment), IntakeLimits()
    with _explain(assignment.course), ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="look-")))
        places = (scratch / "copies", scratch / "new", scratch / "replaced")
        desk = IntakeDesk(_read_release(assignment, release), limits, *places, assignment.name)
        options: dict[str, Any] = {"limits": limits, "show_progress": True}
        taken = take_in_all(submissions, assignment, lists or Lists(), stack, lambda: desk, **options)
    strangers = taken.sorter.strangers.values() if taken.intake.has_roster else ()
    files = {student: len(sources) for student, sources in taken.sorter.sources.items()}
    return Look(taken.intake, files, explain_map(strangers, taken.intake.students) if strangers else "")


@contextlib.contextmanager
def _explain(course: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or course
        raise IntakeError(f"Taking in stopped at {place} ({error.strerror}): mend that, then run it again.") from None


def _resolve(assignment: CourseAssignment) -> CourseAssignment:
    return replace(assignment, course=Path(assignment.course).resolve())


def _read_release(assignment: CourseAssignment, release: Path | None) -> tuple[ReleasedNotebook, ...]:
    return read_release(release or ROOT / "notebooks" / assignment.name)


def _make_desk(
    submissions: Path, assignment: CourseAssignment, stack: ExitStack, limits: IntakeLimits, release: Path | None
) -> IntakeDesk:
    """Return where the copies go, after clearing away what an intake that was killed left behind."""
    course, grading = assignment.course, assignment.course / "grading"
    grading.mkdir(parents=True, exist_ok=True)
    for path in grading.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
    scratch = stack.enter_context(tempfile.TemporaryDirectory(dir=grading, prefix=SCRATCH))
    copies = grading / "clean" if _overlap(submissions, course / "submitted") else course / "submitted"
    places = (copies, Path(scratch), assignment.kept / "replaced")
    return IntakeDesk(_read_release(assignment, release), limits, *places, assignment.name)


def _overlap(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one == other or one in other.parents or other in one.parents
