"""Find the student on the roster whose work a file or a folder is."""

from collections.abc import Iterable
from typing import NamedTuple

from helpers.grading.files.names import fold, fold_id, make_id, show_name
from helpers.grading.intake.students.agreement import agrees
from helpers.grading.intake.students.claimed import find_login
from helpers.grading.intake.students.marks_of_students import fold_names, list_ids, list_numbers
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.claims import list_claims, read_plain_claim
from helpers.grading.lms.system import System
from helpers.grading.lms.systems import find_by_name, list_systems
from helpers.grading.records import Student

TWO = "could be the work of {one} or of {other} and was left out: see whose it is, and name it after that student's id."
OTHER_NAME = (
    "says {claim}, but that is the number of {student}, so it was left out: see whose it is, and mend the name, or, if "
    "it is a team's, name its members (TEAMS=teams.csv)."
)


class Found(NamedTuple):
    """Whose work something is: its claim, and the student of the roster, or None; `refusal` says why not, if anybody.

    `is_by_name` tells that only a person's name led there, which others may bear or take.
    """

    claim: Claim
    student: Student | None = None
    is_by_name: bool = False
    refusal: str = ""


class StudentFinder:
    """Finds students by what the roster says of them; what two of them share finds neither."""

    def __init__(self, students: Iterable[Student]):
        students = list(students)
        self._numbers = {
            system.name: _index((number, student) for student in students for number in list_numbers(student, system))
            for system in list_systems()
        }
        self._ids = _index((fold_id(student.id), student) for student in students)
        self._other_ids = _index((fold_id(mark), student) for student in students for mark in list_ids(student))
        self._names = _index((name, student) for student in students for name in fold_names(student))

    def find(self, name: str, *, is_folder: bool) -> Found:
        """Return whose work the file or folder `name` claims to be."""
        claims = list_claims(name, is_folder=is_folder)
        plain = read_plain_claim(name, is_folder=is_folder)
        for found in (self._find_by_system(claims), self._find_by_name(plain, plain.name, plain.name)):
            if found.student or found.refusal:
                return found
        return Found(claims[0] if claims else plain)

    def _find_by_system(self, claims: list[Claim]) -> Found:
        """Find by the system's number, with which the name must agree; by name only if the roster has no numbers."""
        if not claims:
            return Found(Claim(""))
        first, two = claims[0], [claim for claim in claims if _has_one_number(find_by_name(claim.system))]
        if len(two) > 1:
            return _refuse_two(first, *two[:2])
        numbered = [(claim, one) for claim in claims for one in self._numbers[claim.system].get(claim.number, ())]
        agreeing = [(claim, student) for claim, student in numbered if agrees(claim, student)]
        if len({student.id for _, student in agreeing}) > 1:
            return _refuse_two(first, *(claim for claim, _ in agreeing[:2]))
        if agreeing:
            return Found(*agreeing[0])
        if numbered and numbered[0][0] is first:
            return Found(first, refusal=OTHER_NAME.format(claim=_show(first), student=_show(numbered[0][1])))
        if self._numbers[first.system]:
            return Found(first)
        login = find_login(first)
        return self._find_by_name(first, login, "" if login else first.name)

    def _find_by_name(self, claim: Claim, login: str, name: str) -> Found:
        """Find by an id, or a login or whatever else the roster calls a person by."""
        if exact := self._ids.get(fold_id(make_id(login))):
            return Found(claim, exact[0])
        marked = self._other_ids.get(fold_id(login), [])
        named = [one for one in self._names.get(fold(name), []) if one not in marked]
        if len(marked) + len(named) > 1:
            return _refuse_two(claim, *[*marked, *named][:2])
        return Found(claim, [*marked, *named, None][0], is_by_name=bool(named))


def _has_one_number(system: System | None) -> bool:
    return bool(system and system.download and system.download.has_one_number)


def _refuse_two(claim: Claim, one: Claim | Student, other: Claim | Student) -> Found:
    return Found(claim, refusal=TWO.format(one=_show(one), other=_show(other)))


def _show(one: Claim | Student) -> str:
    return show_name(str(one) if isinstance(one, Claim) else f"{one.first_name} {one.last_name} ({one.id})".strip())


def _index(pairs: Iterable[tuple[str, Student]]) -> dict[str, list[Student]]:
    """Return all students to whom a key belongs, by key."""
    found: dict[str, list[Student]] = {}
    for key, student in pairs:
        students = found.setdefault(key, [])
        if key and student not in students:
            students.append(student)
    found.pop("", None)
    return found
