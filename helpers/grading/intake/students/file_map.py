"""Whose each file is, as the instructor says: for downloads of systems that are not known."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from helpers.grading.files.items import IntakeError, Item
from helpers.grading.files.names import fold_id, show_name
from helpers.grading.intake.students.pairs import read_pairs
from helpers.grading.lms.layouts import DownloadEntry

MAPPED = "map"
"""What stands in a claim for the system that such a file came from."""

TWO_OWNERS = "the map of files gives it to {owners}, so it was left out: keep one of the lines."
NO_OWNER = "the map of files names nobody for some files in it, and they were left out."
UNUSED = "{name} stands in the map of files, but nothing that was handed in has that name."


class FileMap:
    """Student ids by the name of a file or a folder, or by a path; a * in it stands for anything."""

    def __init__(self, lines: Iterable[tuple[str, str]] = ()):
        self._students: dict[str, set[str]] = {}
        for name, student in lines:
            self._students.setdefault(name.strip("/"), set()).add(student)
        self._patterns = {name: _compile(name) for name in self._students}
        self._has_paths = any("/" in name for name in self._students)
        self._used: set[str] = set()

    def find(self, path: str) -> list[str]:
        """Return whose a file or a folder is; more than one if lines disagree. A name without a * comes first."""
        fitting = [name for name, pattern in self._patterns.items() if pattern.fullmatch(fold_id(path))]
        fitting = [name for name in fitting if "*" not in name] or fitting
        self._used.update(fitting)
        return sorted({student for name in fitting for student in self._students[name]})

    def divide(self, entry: DownloadEntry) -> list[tuple[DownloadEntry, tuple[str, ...]]]:
        """Return an entry, or parts of it if lines name paths, with whose each is; [] if no line names any of it."""
        if owners := self.find(entry.name):
            return [(entry, tuple(owners))]
        inside: dict[tuple[str, ...], list[Item]] = {}
        if entry.is_folder and self._has_paths:
            for item in entry.list_items():
                inside.setdefault(tuple(self.find(f"{entry.name}/{item.label}")), []).append(item)
        parts = inside.items() if any(inside) else ()
        return [(replace(entry, list_items=partial(list, items)), owners) for owners, items in parts]

    def explain_unused(self) -> list[str]:
        """Return a sentence for each name that nothing has."""
        return [UNUSED.format(name=show_name(name)) for name in self._students if name not in self._used]


def explain_owners(owners: Sequence[str]) -> str:
    """Return what is wrong with the owners of something, "" if there is one."""
    if len(owners) == 1:
        return ""
    return TWO_OWNERS.format(owners=" and to ".join(owners)) if owners else NO_OWNER


def _compile(name: str) -> re.Pattern:
    return re.compile(".*".join(re.escape(part) for part in fold_id(name).split("*")), re.S)


def read_file_map(path: Path, find_student: Callable[[str], str]) -> FileMap:
    """Return the map in a CSV file with the columns file and student; a line without a student is left out.

    `find_student` gives the id of whoever a cell names, "" if that is nobody. IntakeError with the line.
    """
    lines = []
    for line, name, student in read_pairs(path, ("file", "student")):
        found = find_student(student) if student else ""
        if student and not (found and name):
            raise IntakeError(
                f"{path.name}, line {line}: '{student}' is nobody on the roster: write an id or a name of it."
            )
        lines += [(name, found)] if found else []
    return FileMap(lines)
