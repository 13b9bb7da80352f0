"""Whom a course has met: an id is chosen once, kept in grading/students.json, and found again by any column."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.files.names import fold_id
from helpers.grading.intake.students.marks_of_students import collect_marks, fold_names
from helpers.grading.lms.systems import find_by_name, list_systems
from helpers.grading.records import Student, write_json

TWO = "could be {one} or {other} of earlier lists: see who it is, and leave out of the line what is the other's."
ANOTHER = (
    "shares a login or an address with {id}, who had another name ({name}) and the {kind} number {before}, not {now}: "
    "if this is another class, take a new folder for it (COURSE=...); otherwise mend the line."
)


@dataclass
class Known:
    """A student met before: the id, names as they are compared, and marks by kind, all that there ever were."""

    id: str
    names: list[str] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=dict)

    def meet(self, student: Student) -> None:
        """Note the names and marks under which the student is listed now."""
        self.names = sorted({*self.names, *fold_names(student)})
        for kind, mark in collect_marks(student).items():
            self.marks[kind] = sorted({*self.marks.get(kind, ()), mark})


class KnownStudents:
    """The students that a course has met."""

    def __init__(self, known: Iterable[Known] = ()):
        self._known = {one.id: one for one in known}
        self._by_mark: dict[tuple[str, str], set[str]] = {}
        for one in self._known.values():
            self._index("", fold_id(one.id), one.id)
            for kind, marks in one.marks.items():
                for mark in marks:
                    self._index(kind, mark, one.id)

    def __bool__(self) -> bool:
        return bool(self._known)

    def is_taken(self, student_id: str) -> bool:
        """Tell whether a student, whom no column of the list names, has this id."""
        return any(fold_id(one) == fold_id(student_id) for one in self._known)

    def find(self, student: Student) -> str:
        """Return the id of a student of a new list, "" if the course has not met them. IntakeError if it is unclear."""
        marks, names = collect_marks(student), fold_names(student)
        found = {one for kind, mark in marks.items() for one in self._by_mark.get(_make_key(kind, mark), ())}
        found = found or self._find_by_name(names, marks)
        if len(found) > 1:
            raise IntakeError(TWO.format(one=min(found), other=max(found)))
        for one in found:
            _refuse_another(self._known[one], marks, names)
        return next(iter(found), "")

    def _find_by_name(self, names: set[str], marks: Mapping[str, str]) -> set[str]:
        """Return the only one of this name, if nothing that both lists give could tell whether it is the same."""
        named = [one for one in self._known.values() if names & set(one.names)]
        return {one.id for one in named if len(named) == 1 and not one.marks.keys() & marks.keys()}

    def _index(self, kind: str, mark: str, student_id: str) -> None:
        self._by_mark.setdefault(_make_key(kind, mark), set()).add(student_id)

    def meet(self, students: Iterable[Student]) -> None:
        """Note all students of a list."""
        for student in students:
            self._known.setdefault(student.id, Known(student.id)).meet(student)

    def write(self, course: Path) -> None:
        """Write COURSE/grading/students.json."""
        write_json(_find_file(course), [asdict(one) for one in self._known.values()])


def _make_key(kind: str, mark: str) -> tuple[str, str]:
    """Return what a mark is found by: numbers mean something within their system alone, everything else anywhere."""
    return (kind if find_by_name(kind) else ""), mark


def _refuse_another(known: Known, marks: Mapping[str, str], names: set[str]) -> None:
    """Refuse somebody who shares a mark with a known student, but has another name and another number."""
    systems = list_systems()
    is_same = any(one.name in marks and marks[one.name] in known.marks.get(one.name, ()) for one in systems)
    if is_same or not names or not known.names or names & set(known.names):
        return
    for kind in (*(one.name for one in systems), *(column for one in systems for column in one.roster.steady)):
        if kind in marks and kind in known.marks and marks[kind] not in known.marks[kind]:
            before = {"kind": kind, "before": known.marks[kind][-1], "now": marks[kind]}
            raise IntakeError(ANOTHER.format(name=known.names[0], id=known.id, **before))


def read_known(course: Path, students: Iterable[Student] = ()) -> KnownStudents:
    """Return whom the course has met; `students` are those of its last intake, for courses that kept no such file."""
    known = KnownStudents()
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        known = KnownStudents(Known(**one) for one in json.loads(_find_file(course).read_text(encoding="utf-8")))
    if not known:
        known.meet(students)
    return known


def _find_file(course: Path) -> Path:
    return Path(course) / "grading" / "students.json"
