"""What a list says of a student that finds them again: numbers of a system, logins, addresses; and names."""

import re

from helpers.grading.files.names import fold, fold_id
from helpers.grading.lms.columns import FORMATS, find_format, get_cell
from helpers.grading.records import Student

NUMBER_COLUMNS = {"canvas": "id", "moodle": "identifier"}
NUMBERS = tuple(NUMBER_COLUMNS)
ID_COLUMNS = ("id", "sis login id", "sis user id", "username", "id number", "email address", "email")


def list_numbers(student: Student, system: str) -> list[str]:
    """Return the system's number of a student: 1234 of "1234", of "Participant 1234" and of "Teilnehmer/in1234"."""
    is_of_system = find_format(student.row) is FORMATS[system]
    return re.findall(r"[0-9]+$", get_cell(student.row, NUMBER_COLUMNS[system])) if is_of_system else []


def list_ids(student: Student) -> list[str]:
    """Return what else names a student: logins, other ids, addresses, and what stands before their @."""
    cells = {get_cell(student.row, column) for column in ID_COLUMNS} | {student.email}
    return [*cells, *{cell.partition("@")[0] for cell in cells}]


def collect_marks(student: Student) -> dict[str, str]:
    """Return a student's marks by kind, those alone that are filled in: a system's number, or a column's cell."""
    marks = {system: numbers[0] for system in NUMBERS if (numbers := list_numbers(student, system))}
    is_canvas = find_format(student.row) is FORMATS["canvas"]
    for column in ID_COLUMNS:
        if column != "id" or not is_canvas:
            marks[column] = fold_id(get_cell(student.row, column))
    marks["email"] = fold_id(student.email) or marks["email"]
    return {kind: mark for kind, mark in marks.items() if mark}


def fold_names(student: Student) -> set[str]:
    """Return a student's name as it is compared, in either order; empty if the list gives none."""
    first, last = fold(student.first_name), fold(student.last_name)
    return {first + last, last + first} if first or last else set()
