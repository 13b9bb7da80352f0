"""Take in a class: find each student's files, refuse what is not safe, and write one clean copy a student.

The clean copies are COURSE/submitted/STUDENT/exercise_01/. If the submissions lie in COURSE/submitted itself, that
folder is only read, and the copies are COURSE/grading/clean/STUDENT/exercise_01/. A copy that changes is not
deleted: the old one moves to COURSE/grading/replaced/STUDENT/1, 2, ... What was taken in before and does not come this
time goes on counting.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from helpers.grading.files.items import IntakeError, Limits
from helpers.grading.intake.kept import Intake, write_intake
from helpers.grading.intake.lists import Lists
from helpers.grading.intake.notebooks.marks import read_release
from helpers.grading.intake.students.guessing import explain_map
from helpers.grading.intake.taking import Desk
from helpers.grading.intake.taking_class import take_in_all
from helpers.grading.notebooks.paths import RELEASE

SCRATCH = ".intake-"


def collect(
    submissions: Path,
    course: Path,
    lists: Lists | None = None,
    *,
    release: Path = RELEASE,
    limits: Limits | None = None,
    show_progress: bool = False,
) -> Intake:
    """Take in a class and write COURSE/grading/intake.json.

    submissions: a folder with a folder or a zip a student, or as an LMS exports them, unpacked or as one archive.
    Without a roster, the last one holds; if there never was one, the students are those who handed something in.
    IntakeError, in one sentence, if there is nothing that can be taken in, or the class is another.
    """
    submissions, course, limits = Path(submissions), Path(course).resolve(), limits or Limits()
    with _explain(course), ExitStack() as stack:
        make_desk = partial(_make_desk, submissions, course, stack, limits, release)
        options: dict[str, Any] = {"limits": limits, "show_progress": show_progress}
        taken = take_in_all(submissions, course, lists or Lists(), stack, make_desk, **options)
        taken.known.meet(taken.intake.students)
        taken.known.write(course)
        write_intake(course, taken.intake)
    return taken.intake


@dataclass(frozen=True)
class Look:
    """What taking in would give. `files` counts what each student handed in; `hint` says what to do with strays."""

    intake: Intake
    files: dict[str, int]
    hint: str = ""


def look(submissions: Path, course: Path, lists: Lists | None = None, *, release: Path = RELEASE) -> Look:
    """Take in a class as `collect` does, and leave the course as it is."""
    submissions, course, limits = Path(submissions), Path(course).resolve(), Limits()
    with _explain(course), ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="look-")))
        desk = Desk(read_release(release), limits, scratch / "copies", scratch / "new", scratch / "replaced")
        options: dict[str, Any] = {"limits": limits, "show_progress": True}
        taken = take_in_all(submissions, course, lists or Lists(), stack, lambda: desk, **options)
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


def _make_desk(submissions: Path, course: Path, stack: ExitStack, limits: Limits, release: Path) -> Desk:
    """Return where the copies go, after clearing away what an intake that was killed left behind."""
    grading = course / "grading"
    grading.mkdir(parents=True, exist_ok=True)
    for path in grading.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
    scratch = stack.enter_context(tempfile.TemporaryDirectory(dir=grading, prefix=SCRATCH))
    copies = grading / "clean" if _overlap(submissions, course / "submitted") else course / "submitted"
    return Desk(read_release(release), limits, copies, Path(scratch), grading / "replaced")


def _overlap(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one == other or one in other.parents or other in one.parents
