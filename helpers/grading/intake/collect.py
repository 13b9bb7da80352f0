"""Take in a class: find each student's files, refuse what is not safe, and write one clean copy a student.

The clean copies are COURSE/submitted/STUDENT/exercise_01/. If the submissions lie in COURSE/submitted itself, that
folder is only read, and the copies are COURSE/grading/clean/STUDENT/exercise_01/. A copy that changes is not
deleted: the old one moves to COURSE/grading/replaced/STUDENT/1, 2, ... What was taken in before and does not come this
time goes on counting.
"""

import contextlib
import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from helpers.grading.files.items import IntakeError, Limits
from helpers.grading.intake.comparing import explain_nobody, refuse_other_class, refuse_strangers
from helpers.grading.intake.due_dates import find_zone
from helpers.grading.intake.earlier import keep_earlier
from helpers.grading.intake.kept import Intake, read_intake, write_intake
from helpers.grading.intake.lists import Lists, list_students, read_map_of, read_teams_of, refuse_to_guess
from helpers.grading.intake.notebooks.marks import read_release
from helpers.grading.intake.own_process import take_in_apart
from helpers.grading.intake.remarks import list_remarks
from helpers.grading.intake.students.known_students import read_known
from helpers.grading.intake.students.sorting import Sorter
from helpers.grading.intake.taking import Desk
from helpers.grading.lms.layouts import list_entries
from helpers.grading.notebooks.paths import RELEASE
from helpers.grading.records import Student, Submission

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

    submissions: a folder with a folder or a zip a student, or as Canvas or Moodle export them, unpacked or as one
    archive. Without a roster, the last one holds; if there never was one, the students are those who handed something
    in. IntakeError, in one sentence, if there is nothing that can be taken in, or the class is another.
    """
    submissions, course, lists, limits = Path(submissions), Path(course).resolve(), lists or Lists(), limits or Limits()
    earlier = _read_earlier(course)
    known = read_known(course, earlier.students if earlier else ())
    roster = list_students(lists, earlier, known)
    zone = lists.zone or (earlier.zone if earlier else "")
    try:
        with ExitStack() as stack:
            sorter = _sort(submissions, roster, lists, stack, limits)
            claims = (claim for sources in sorter.sources.values() for claim, _ in sources)
            refuse_to_guess(lists, roster, zone, claims)
            if not lists.is_same_class and roster is not None:
                refuse_other_class(earlier, roster)
            desk = replace(_make_desk(submissions, course, stack, limits), released=read_release(release))
            before = earlier.handed_in if earlier else {}
            desk = replace(desk, earlier=before, zone=find_zone(zone) if zone else None)
            work = [(sorter.students[student], sources) for student, sources in sorter.sources.items()]
            progress = {"total": len(work), "disable": not show_progress, "file": sys.stdout}
            taken = {one.student: one for one in tqdm(take_in_apart(work, desk), "Taking in", **progress)}
        intake = _put_together(sorter, roster, earlier, taken, zone)
        known.meet(intake.students)
        known.write(course)
        write_intake(course, intake)
    except OSError as error:
        place = error.filename or course
        raise IntakeError(f"Taking in stopped at {place} ({error.strerror}): mend that, then run it again.") from None
    return intake


def _read_earlier(course: Path) -> Intake | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return read_intake(course)
    return None


def _sort(submissions: Path, roster: list[Student] | None, lists: Lists, stack: ExitStack, limits: Limits) -> Sorter:
    """Return everything that was handed over by student. IntakeError if less than half of it is anybody's."""
    sorter = Sorter(roster, read_teams_of(lists, roster), read_map_of(lists, roster))
    for entry in list_entries(submissions, stack, limits, is_known=sorter.knows):
        sorter.sort(entry)
    sorter.settle()
    if not sorter.students:
        raise IntakeError(explain_nobody(submissions, sorter))
    if roster is not None:
        refuse_strangers(sorter, roster, lists.roster.name if lists.roster else "of the last time")
    return sorter


def _put_together(
    sorter: Sorter, roster: list[Student] | None, earlier: Intake | None, taken: dict[str, Submission], zone: str
) -> Intake:
    """Return this intake, with what was handed in before by those of whom nothing came this time."""
    before = earlier.handed_in if earlier else {}
    students = dict(sorter.students)
    if roster is None and earlier:
        students |= {student.id: student for student in earlier.students if student.id not in students}
    submissions = [_choose_submission(one, taken.get(one), before.get(one)) for one in students]
    away = [one for one in before.values() if one.student not in students and (one.folder or one.problems)]
    return Intake(
        tuple(students.values()),
        tuple(submissions),
        tuple(sorter.unknown),
        roster is not None,
        tuple(list_remarks(before, students, taken)),
        zone,
        tuple(away),
    )


def _choose_submission(student: str, taken: Submission | None, before: Submission | None) -> Submission:
    """Return what counts of a student: what came this time, unless only what came before can be graded."""
    if taken and not taken.folder and taken.problems and before and before.folder:
        return keep_earlier(before, taken.problems)
    is_nothing = taken is None or not (taken.folder or taken.problems)
    return before if before and is_nothing else taken or Submission(student)


def _make_desk(submissions: Path, course: Path, stack: ExitStack, limits: Limits) -> Desk:
    """Return where the copies go, after clearing away what an intake that was killed left behind."""
    grading = course / "grading"
    grading.mkdir(parents=True, exist_ok=True)
    for path in grading.glob(f"{SCRATCH}*"):
        shutil.rmtree(path, ignore_errors=True)
    scratch = stack.enter_context(tempfile.TemporaryDirectory(dir=grading, prefix=SCRATCH))
    copies = grading / "clean" if _overlap(submissions, course / "submitted") else course / "submitted"
    return Desk((), limits, copies, Path(scratch), grading / "replaced")


def _overlap(one: Path, other: Path) -> bool:
    one, other = one.resolve(), other.resolve()
    return one == other or one in other.parents or other in one.parents
