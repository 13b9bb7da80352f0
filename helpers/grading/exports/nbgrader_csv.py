"""nbgrader's own table, by its own plug-in, with the names made safe: the plug-in quotes nothing."""

import csv
import io
import os
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.plugins import CsvExportPlugin

from helpers.grading.exports.tables import defuse


def write_nbgrader_csv(path: Path, gradebook: Gradebook, *, students: Collection[str] = ()) -> Path:
    """Write the table that `nbgrader export` writes, of these students, or everybody if none is named.

    There, what was not handed in has 0 points.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    CsvExportPlugin(to=str(temporary)).export(_SafeGradebook(gradebook, students))
    os.replace(temporary, path)
    return path


class _SafeGradebook:
    """What the plug-in asks of a gradebook, with students' names and ids as cells of a CSV file."""

    def __init__(self, gradebook: Gradebook, students: Collection[str] = ()):
        self.assignments = gradebook.assignments
        self._gradebook, self._wanted = gradebook, students
        self._ids = {_make_cell(student.id): student.id for student in gradebook.students}

    @property
    def students(self) -> list[SimpleNamespace]:
        """The students, ordered as in the gradebook."""
        columns = ("id", "first_name", "last_name", "email")
        return [
            SimpleNamespace(**{column: _make_cell(getattr(student, column)) for column in columns})
            for student in self._gradebook.students
            if student.id in self._wanted or not self._wanted
        ]

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """Return a student's submission; nbgrader's MissingEntry if there is none."""
        return self._gradebook.find_submission(assignment, self._ids[student])


def _make_cell(text: str | None) -> str:
    """Return text as one cell, in quotes if need be."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([defuse(text or "")])
    return buffer.getvalue() if text else ""
