"""Refuse a class that is not that of the roster, or of the course: before anything is graded."""

from collections.abc import Iterable, Sequence

from helpers.grading.files.items import IntakeError
from helpers.grading.files.names import show_name
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.students.marks_of_students import ID_COLUMNS, NUMBER_COLUMNS
from helpers.grading.intake.students.sorting import Sorter
from helpers.grading.lms.columns import name_column
from helpers.grading.records import Student

SHOWN = 3
NAMES = ("student", "full name", "first name", "last name", "surname", "firstname", "lastname")
COMPARED = frozenset((*ID_COLUMNS, *NUMBER_COLUMNS.values(), *NAMES))
ANONYMOUS = " Canvas made them anonymous, and no roster says who is who: turn that off there, or grade without ROSTER."
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
    shown = ", ".join(f'"{show_name(one)}"' for one in [*sorter.strangers.values()][:SHOWN])
    is_anonymous = any(claimant[0] == "canvas" and "anon_" in entry for claimant, entry in sorter.strangers.items())
    raise IntakeError(
        f"{known or 'None'} of {known + strange} names in what was handed in belong to somebody on the roster {name}, "
        f"so nothing was graded. Compared were names such as {shown} with the columns {_show_columns(roster)}. Name "
        "the roster of this class, or, for teams, their members: TEAMS=teams.csv." + (ANONYMOUS if is_anonymous else "")
    )


def _show_columns(roster: Sequence[Student]) -> str:
    """Return the columns that were compared, each with the first student's cell."""
    row = roster[0].row
    cells = [f'{column} ("{show_name(cell)}")' for column, cell in row.items() if name_column(column, row) in COMPARED]
    return ", ".join(cells) or "(none)"


def refuse_other_class(intakes: Iterable[Intake], roster: Iterable[Student]) -> None:
    """Refuse a roster on which less than half of those are whose work the course holds, of any assignment."""
    before = {submission.student for intake in intakes for submission in intake.submissions if submission.folder}
    count = len(before & {student.id for student in roster})
    if 2 * count < len(before):
        raise IntakeError(OTHER_CLASS.format(count=count, before=len(before)))
