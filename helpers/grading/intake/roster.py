"""Read the roster: a CSV as Canvas exports its gradebook, Moodle its participants or grading worksheet, or nbgrader's.

Column names are the English ones. All columns are kept with each student: uploads need them again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.intake.items import IntakeError
from helpers.grading.intake.names import fold_id, make_id
from helpers.grading.intake.tables import Table, normalize_column, read_table
from helpers.grading.records import Student


@dataclass(frozen=True)
class RosterFormat:
    """A system's table: columns of which it has at least one, and those that may serve as ids, the best first."""

    signs: frozenset[str]
    ids: tuple[str, ...]


FORMATS = {
    "canvas": RosterFormat(frozenset({"student", "sis login id", "section"}), ("sis login id", "sis user id", "id")),
    "moodle": RosterFormat(
        frozenset({"identifier", "full name", "first name", "email address", "id number", "username", "surname"}),
        ("username", "id number", "email address", "identifier", "full name"),
    ),
    "nbgrader": RosterFormat(frozenset({"id", "email"}), ("id",)),
}
KNOWN = frozenset().union(*(roster.signs | set(roster.ids) for roster in FORMATS.values())) | {"last name"}
TEST_STUDENT = ("Test", "Student")  # every Canvas course has one


def read_roster(path: Path) -> list[Student]:
    """Return the students of a roster, in its order. IntakeError, with the line, for what cannot be used."""
    table = read_table(Path(path), known=KNOWN)
    roster = find_format(table.header)
    if roster is None:
        raise IntakeError(_explain_columns(table))
    rows = [(line, dict(zip(table.header, cells, strict=True))) for line, cells in table.rows]
    rows = [(line, row) for line, row in rows if not _is_no_student(row, roster)]
    if not rows:
        raise IntakeError(f"{table.name} names no students: export the roster again.")
    return _make_students(table, rows, _choose_id_column(table, roster, rows))


def _make_students(table: Table, rows: list[tuple[int, dict]], column: str) -> list[Student]:
    students, lines = [], {}
    for line, row in rows:
        student = _make_student(row, get_cell(row, column))
        if not student.id:
            raise IntakeError(f"{table.name}, line {line}: '{column}' is no id that can name a folder: change it.")
        if (before := lines.setdefault(fold_id(student.id), line)) != line:
            raise IntakeError(
                f"{table.name}, line {line}: the student {student.id} is in line {before} already: keep one of them."
            )
        students.append(student)
    return students


def get_cell(row: dict[str, str], column: str) -> str:
    """Return a cell by its column's name, without regard to case and underscores; "" if there is none."""
    return next((cell for name, cell in row.items() if normalize_column(name) == column), "")


def find_format(header: Iterable[str]) -> RosterFormat | None:
    """Return the format of a table with these columns, or None if it is no roster."""
    columns = {normalize_column(column) for column in header}
    fitting = (roster for roster in FORMATS.values() if columns & roster.signs and columns & set(roster.ids))
    return next(fitting, None)


def _explain_columns(table: Table) -> str:
    found = ", ".join(column for column in table.header[:8] if column)
    return (
        f"{table.name}, line 1: no columns that name students (Student and ID; Full name or Email address; "
        f"id and email), only {found}: export the roster from Canvas or Moodle."
    )


def _is_no_student(row: dict[str, str], roster: RosterFormat) -> bool:
    """Tell whether it is one of the rows that Canvas adds: points possible, how grades are posted, a test student."""
    if roster is not FORMATS["canvas"]:
        return False
    first, last = read_names(row)
    is_named = any(get_cell(row, column) for column in roster.ids)
    return (first, last) == TEST_STUDENT or (not is_named and get_cell(row, "student") in ("", "Points Possible"))


def _choose_id_column(table: Table, roster: RosterFormat, rows: list[tuple[int, dict]]) -> str:
    """Return the first column that may serve as an id and is filled in for everybody."""
    columns = {normalize_column(column) for column in table.header}
    present = [column for column in roster.ids if column in columns]
    for column in present:
        if all(get_cell(row, column) for _, row in rows):
            return column
    line = next(line for line, row in rows if not get_cell(row, present[0]))
    raise IntakeError(f"{table.name}, line {line}: the student has no id: fill in the column '{present[0]}'.")


def _make_student(row: dict[str, str], identifier: str) -> Student:
    first, last = read_names(row)
    email = get_cell(row, "email address") or get_cell(row, "email")
    number = identifier.rpartition(" ")[2] if identifier.startswith("Participant ") else identifier
    return Student(make_id(number), first, last, email, row)


def read_names(row: dict[str, str]) -> tuple[str, str]:
    """Return (first name, last name) from whichever columns hold them."""
    first = get_cell(row, "first name") or get_cell(row, "firstname")
    last = get_cell(row, "last name") or get_cell(row, "surname") or get_cell(row, "lastname")
    whole = get_cell(row, "student") or get_cell(row, "full name")
    if first or last or not whole:
        return first, last
    if "," in whole:
        last, _, first = whole.partition(",")
    else:
        first, _, last = whole.rpartition(" ")
    return first.strip(), last.strip()
