"""Find the student on the roster whose work a file or a folder is; without a roster, make one of its name."""

import re
from collections.abc import Iterable

from helpers.grading.intake.claims import Claim, read_claim, read_plain_claim
from helpers.grading.intake.names import fold, make_id
from helpers.grading.intake.roster import FORMATS, find_format, get_cell, read_names
from helpers.grading.records import Student

NUMBER_COLUMNS = {"canvas": "id", "moodle": "identifier"}
ID_COLUMNS = ("id", "sis login id", "sis user id", "username", "id number", "email address", "email")


class StudentFinder:
    """Finds students by what the roster says of them; a name that two of them share finds neither."""

    def __init__(self, students: Iterable[Student]):
        students = list(students)
        self._numbers = {
            system: _index((number, student) for student in students for number in _list_numbers(student, system))
            for system in NUMBER_COLUMNS
        }
        self._ids = _index((student.id, student) for student in students)
        self._other_ids = _index((mark, student) for student in students for mark in _list_ids(student))
        self._names = _index((name, student) for student in students for name in _list_names(student))

    def find(self, name: str, *, is_folder: bool) -> tuple[Claim, Student | None]:
        """Return whose work the file or folder `name` claims to be, and the student of the roster, or None."""
        claim = read_claim(name, is_folder=is_folder)
        student = self._find_by_system(claim) if claim.system else None
        if student is None:
            plain = read_plain_claim(name, is_folder=is_folder)
            student = self._find_by_name(plain.name)
            claim = plain if student is not None else claim
        return claim, student

    def _find_by_system(self, claim: Claim) -> Student | None:
        """Find by the system's number; by name only if the roster does not hold such numbers."""
        numbers = self._numbers[claim.system]
        return numbers.get(claim.number) if numbers else self._names.get(fold(claim.name))

    def _find_by_name(self, name: str) -> Student | None:
        ids = make_id(name).casefold()
        return self._ids.get(ids) or self._other_ids.get(name.casefold()) or self._names.get(fold(name))


def make_student(claim: Claim) -> Student:
    """Return the student of a claim when there is no roster, with the columns that an upload needs."""
    if claim.system == "canvas":
        row = {"Student": claim.name, "ID": claim.number}
        return Student(make_id(f"{claim.name}_{claim.number}"), "", claim.name, row=row)
    if claim.system == "moodle":
        row = {"Identifier": f"Participant {claim.number}", "Full name": claim.name}
        return Student(make_id(f"{claim.name}_{claim.number}"), *read_names(row), row=row)
    return Student(make_id(claim.name))


def _index(pairs: Iterable[tuple[str, Student]]) -> dict[str, Student]:
    """Return a dictionary of those keys that belong to one student alone, without regard to case."""
    found: dict[str, Student] = {}
    shared = set()
    for key, student in pairs:
        key = key.casefold()
        if key and found.setdefault(key, student) is not student:
            shared.add(key)
    return {key: student for key, student in found.items() if key not in shared}


def _list_numbers(student: Student, system: str) -> list[str]:
    """Return the system's number of a student: 1234 of "1234" and of "Participant 1234"."""
    is_of_system = find_format(student.row) is FORMATS[system]
    return re.findall(r"\d+$", get_cell(student.row, NUMBER_COLUMNS[system])) if is_of_system else []


def _list_ids(student: Student) -> list[str]:
    cells = {get_cell(student.row, column) for column in ID_COLUMNS} | {student.email}
    return [*cells, *{cell.partition("@")[0] for cell in cells}]


def _list_names(student: Student) -> set[str]:
    first, last = fold(student.first_name), fold(student.last_name)
    return {first + last, last + first} if first or last else set()
