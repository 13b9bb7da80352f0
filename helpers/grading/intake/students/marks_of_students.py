"""What a list says of a student that finds them again: numbers of a system, logins, addresses; and names."""

from helpers.grading.files.names import fold, fold_id
from helpers.grading.lms.columns import find_system, get_cell
from helpers.grading.lms.person_names import NAME_COLUMNS
from helpers.grading.lms.system import System
from helpers.grading.lms.systems import list_systems
from helpers.grading.records import Student


def list_id_columns() -> list[str]:
    """Return the columns that name a student by a login, an address or another id, whichever system wrote them."""
    found = [
        column
        for system in list_systems()
        for column in system.roster.ids
        if not is_own_number(system, column) and column not in NAME_COLUMNS
    ]
    return list(dict.fromkeys((*found, "email")))


def is_own_number(system: System, column: str) -> bool:
    """Tell whether a column holds numbers that mean something within the system alone."""
    return column == system.roster.number and not system.roster.number_is_login


def list_numbers(student: Student, system: System) -> list[str]:
    """Return the system's number of a student, if the roster is the system's and says it."""
    if not system.roster.number or find_system(student.row) is not system:
        return []
    number = system.roster.read_number(get_cell(student.row, system.roster.number))
    return [number] if number else []


def list_ids(student: Student) -> list[str]:
    """Return what else names a student: logins, other ids, addresses, and what stands before their @."""
    cells = {get_cell(student.row, column) for column in list_id_columns()} | {student.email}
    return [*cells, *{cell.partition("@")[0] for cell in cells}]


def collect_marks(student: Student) -> dict[str, str]:
    """Return a student's marks by kind, those alone that are filled in: a system's number, or a column's cell."""
    marks = {system.name: number for system in list_systems() for number in list_numbers(student, system)}
    own = find_system(student.row)
    for column in list_id_columns():
        if own is None or not is_own_number(own, column):
            marks[column] = fold_id(get_cell(student.row, column))
    marks["email"] = fold_id(student.email) or marks["email"]
    return {kind: mark for kind, mark in marks.items() if mark}


def fold_names(student: Student) -> set[str]:
    """Return a student's name as it is compared, in either order; empty if the list gives none."""
    first, last = fold(student.first_name), fold(student.last_name)
    return {first + last, last + first} if first or last else set()
