"""Refuse a class that is not that of the roster, or of the course: before anything is graded."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.files.names import show_name
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.students.guessing import explain_map
from helpers.grading.intake.students.marks_of_students import list_id_columns
from helpers.grading.intake.students.sorting import Sorter
from helpers.grading.lms.columns import name_column
from helpers.grading.lms.person_names import NAME_COLUMNS
from helpers.grading.lms.systems import find_by_name, list_systems
from helpers.grading.records import Student

SHOWN = 3
OTHER_CLASS = (
    "Only {count} of the {before} students whose work lies in this course are on the new roster: another class, or "
    "another term, needs a folder of its own: COURSE=../another-folder. (If it is the same class after all: "
    "GRADE_ARGS=--same-class.)"
)


def refuse_strangers(sorter: Sorter, roster: Sequence[Student], name: str) -> None:
    """Refuse what was handed in if nobody on the roster, or less than half, can be found in it."""
    known, strange = len(sorter.matched), len(sorter.strangers)
    if strange <= known:
        return
    shown = ", ".join(f'"{show_name(names[0])}"' for names in [*sorter.strangers.values()][:SHOWN])
    reasons = (_explain(system, names[0]) for (system, _), names in sorter.strangers.items())
    reason = next((f" {reason}" for reason in reasons if reason), "")
    raise IntakeError(
        f"{known or 'None'} of {known + strange} names in what was handed in belong to somebody on the roster {name}, "
        f"so nothing was graded. Compared were names such as {shown} with the columns {_show_columns(roster)}. Name "
        f"the roster of this class, or, for teams, their members: TEAMS=teams.csv.{reason} "
        f"{explain_map(sorter.strangers.values(), roster)}"
    )


def explain_nobody(submissions: Path, sorter: Sorter) -> str:
    """Return the sentence for something in which nobody's work could be found, where no roster was given."""
    names = sorter.strangers.values()
    more = f" {explain_map(names, ())}" if names else ""
    return f"No student's work is in {submissions}: it must hold a folder or a .zip a student.{more}"


def _explain(system: str, entry: str) -> str:
    """Return what a system says of why the name of an entry can belong to nobody, "" if nothing."""
    found = find_by_name(system)
    return found.download.explain_stranger(entry) if found and found.download else ""


def _show_columns(roster: Sequence[Student]) -> str:
    """Return the columns that were compared, each with the first student's cell."""
    row = roster[0].row
    numbers = (system.roster.number for system in list_systems())
    compared = {*list_id_columns(), *numbers, *NAME_COLUMNS}
    cells = [f'{column} ("{show_name(cell)}")' for column, cell in row.items() if name_column(column, row) in compared]
    return ", ".join(cells) or "(none)"


def refuse_other_class(intakes: Iterable[Intake], roster: Iterable[Student]) -> None:
    """Refuse a roster on which less than half of those are whose work the course holds, of any assignment."""
    before = {submission.student for intake in intakes for submission in intake.submissions if submission.folder}
    count = len(before & {student.id for student in roster})
    if 2 * count < len(before):
        raise IntakeError(OTHER_CLASS.format(count=count, before=len(before)))
