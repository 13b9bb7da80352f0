"""Take in everything that a class handed over: whose it is, what is refused of it, and what it amounts to."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from helpers.grading.files.items import IntakeError, IntakeLimits
from helpers.grading.intake.comparing import explain_nobody, refuse_other_class, refuse_strangers
from helpers.grading.intake.due_dates import find_zone
from helpers.grading.intake.kept import Intake, find_kept_zone, read_intakes
from helpers.grading.intake.lists import Lists, list_students, read_map_of, read_teams_of, refuse_to_guess
from helpers.grading.intake.own_process import take_in_apart
from helpers.grading.intake.putting_together import put_together
from helpers.grading.intake.students.known_students import KnownStudents, read_known
from helpers.grading.intake.students.sorting import Sorter
from helpers.grading.intake.taking import IntakeDesk
from helpers.grading.lms.layouts import list_entries
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Student


@dataclass(frozen=True)
class TakenClass:
    """A class as it was taken in: whose everything is, what it amounts to, and whom the course had met before."""

    sorter: Sorter
    intake: Intake
    known: KnownStudents


def take_in_all(
    submissions: Path,
    assignment: CourseAssignment,
    lists: Lists,
    stack: ExitStack,
    make_desk: Callable[[], IntakeDesk],
    *,
    limits: IntakeLimits,
    show_progress: bool,
) -> TakenClass:
    """Take in a class onto the desk that `make_desk` gives once nothing is refused as a whole. IntakeError."""
    intakes = read_intakes(assignment)
    earlier = intakes.get(assignment.name)
    before = earlier.handed_in if earlier else {}
    known = read_known(assignment.course, earlier.students if earlier else ())
    roster = list_students(lists, earlier, known, title=assignment.title)
    zone = lists.zone or find_kept_zone(intakes)
    sorter = _sort(submissions, roster, lists, stack, limits)
    refuse_to_guess(lists, roster, zone, (claim for sources in sorter.sources.values() for claim, _ in sources))
    if not lists.is_same_class and roster is not None:
        refuse_other_class(intakes.values(), roster)
    desk = replace(make_desk(), earlier=before, zone=find_zone(zone) if zone else None)
    work = [(sorter.students[student], sources) for student, sources in sorter.sources.items()]
    results = tqdm(take_in_apart(work, desk), "Taking in", total=len(work), disable=not show_progress, file=sys.stdout)
    taken = {one.student: one for one in results}
    return TakenClass(sorter, put_together(sorter, roster, earlier, taken, zone, assignment.name), known)


def _sort(
    submissions: Path, roster: list[Student] | None, lists: Lists, stack: ExitStack, limits: IntakeLimits
) -> Sorter:
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
