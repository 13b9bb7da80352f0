"""Read the roster: a CSV of students as an LMS or nbgrader exports it.

All columns are kept with each student: uploads need them again. Whom the course has met before keeps their id.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.files.names import fold_id, make_id
from helpers.grading.intake.students.known_students import KnownStudents
from helpers.grading.lms.columns import find_system, get_cell, name_column, name_row
from helpers.grading.lms.system import RosterFormat, find_last_digits
from helpers.grading.lms.systems import list_systems
from helpers.grading.lms.tables import Table, name_columns, read_table
from helpers.grading.records import Student

Rows = list[tuple[int, dict[str, str]]]


def read_roster(path: Path, *, known: KnownStudents | None = None, columns: str = "", title: str = "") -> list[Student]:
    """Return the students of a roster, in its order. IntakeError, with the line, for what cannot be used.

    `known` holds those met before. `columns` names the columns of a table that is not recognised (see name_columns).
    `title` begins the name of a Canvas export's column that says how many points are possible; without it none is read.
    """
    table = name_columns(read_table(Path(path)), columns)
    system = find_system(table.header)
    if system is None:
        raise IntakeError(_explain_columns(table))
    roster = system.roster
    rows = [(line, dict(zip(table.header, cells, strict=True))) for line, cells in table.rows]
    added = [row for row in (name_row(row) for _, row in rows) if roster.is_no_student(row)]
    possible = next(filter(None, (roster.find_points(row, title) for row in added)), "")
    rows = [(line, row) for line, row in rows if not roster.is_no_student(name_row(row))]
    if not rows:
        raise IntakeError(f"{table.name} names no students: export the roster again.")
    students = _make_students(table, rows, roster, known or KnownStudents())
    return [replace(student, points_possible=possible) for student in students]


def _make_students(table: Table, rows: Rows, roster: RosterFormat, known: KnownStudents) -> list[Student]:
    columns = _list_id_columns(table, roster, rows, is_first=not known)
    lines: dict[str, int] = {}
    students = []
    for line, row in rows:
        try:
            student = _choose_id(_make_student(row, roster), columns, known)
        except IntakeError as error:
            raise IntakeError(f"{table.name}, line {line}: {error}") from None
        if (before := lines.setdefault(fold_id(student.id), line)) != line:
            raise IntakeError(
                f"{table.name}, line {line}: the student {student.id} is in line {before} already: keep one of them."
            )
        students.append(student)
    return students


def _explain_columns(table: Table) -> str:
    found = ", ".join(column for column in table.header[:8] if column)
    titles = " or ".join(system.title for system in list_systems() if system.download)
    return (
        f"{table.name}, line 1: no columns that name students (Student and ID; Full name or Email address; id and "
        f"email; or those words in other languages), only {found}: export the roster from {titles}, or say "
        'which they are: ROSTER_COLUMNS="id=...,name=...".'
    )


def _list_id_columns(table: Table, roster: RosterFormat, rows: Rows, *, is_first: bool) -> list[str]:
    """Return the columns that may serve as ids, the best first; for a course's first list, one filled in for all."""
    header = {name_column(column, table.header) for column in table.header}
    present = [column for column in roster.ids if column in header]
    if not is_first:
        return present
    full = [column for column in present if all(get_cell(row, column) for _, row in rows)]
    if not full:
        line = next(line for line, row in rows if not get_cell(row, present[0]))
        raise IntakeError(f"{table.name}, line {line}: the student has no id: fill in the column '{present[0]}'.")
    return full[:1]


def _choose_id(student: Student, columns: Iterable[str], known: KnownStudents) -> Student:
    """Return the student with the id that the course knows them by, or else with a new one from one of `columns`."""
    if found := known.find(student):
        return replace(student, id=found)
    ids = [_make_id(student.row, column) for column in columns if get_cell(student.row, column)]
    if any(ids):
        free = [one for one in ids if one and not known.is_taken(one)]
        if free:
            return replace(student, id=free[0])
        raise IntakeError(f"{ids[0]} is the id of another student of this course: fill in another column.")
    first = next(iter(columns))
    if ids:
        raise IntakeError(f"'{first}' is no id that can name a folder: change it.")
    raise IntakeError(f"the student has no id: fill in the column '{first}'.")


def _make_id(row: dict[str, str], column: str) -> str:
    cell = get_cell(row, column)
    number = find_last_digits(cell) if column == "identifier" else ""
    return make_id(number or cell)


def _make_student(row: dict[str, str], roster: RosterFormat) -> Student:
    first, last = roster.read_names(name_row(row).cells)
    return Student("", first, last, next(filter(None, (get_cell(row, one) for one in roster.email)), ""), row)
