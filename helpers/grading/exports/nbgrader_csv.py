"""nbgrader's own table, by its own plug-in, with this course's points, and names made safe: it quotes nothing."""

import csv
import io
from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from helpers.grading.exports.tables import defuse
from helpers.grading.files.whole_files import writing_whole
from helpers.grading.gradebook.points import ClassPoints, Points


def write_nbgrader_csv(
    path: Path, gradebook: Gradebook, assignment: str, points: ClassPoints, *, students: Collection[str] = ()
) -> Path:
    """Write the table that `nbgrader export` writes, of one assignment, of these students or, if none is named, of all.

    The most points are those of the core, and the score is what counts in uploads, unscaled. There, what was not handed
    in has 0 points.
    """
    with writing_whole(path) as new:
        CsvExportPlugin(to=str(new)).export(_SafeGradebook(gradebook, assignment, points, students))
    return path


class _SafeGradebook:
    """What the plug-in asks of a gradebook, with students' names and ids as cells of a CSV file."""

    def __init__(self, gradebook: Gradebook, assignment: str, points: ClassPoints, students: Collection[str]) -> None:
        duedate = gradebook.find_assignment(assignment).duedate
        self.assignments = [SimpleNamespace(name=assignment, duedate=duedate, max_score=points.core_most)]
        self._gradebook, self._points, self._wanted = gradebook, points, students
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

    def find_submission(self, assignment: str, student: str) -> SimpleNamespace:
        """Return when a student handed in, and the points; nbgrader's MissingEntry if nothing was handed in."""
        name = self._ids[student]
        timestamp = self._gradebook.find_submission(assignment, name).timestamp
        points = self._points.find(name) or Points()
        score = points.without_penalty().count(extra=self._points.extra)
        penalty = score - points.count(extra=self._points.extra)
        return SimpleNamespace(timestamp=timestamp, score=round(score, 6), late_submission_penalty=round(penalty, 6))


def _make_cell(text: str | None) -> str:
    """Return text as one cell, in quotes if need be."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([defuse(text or "")])
    return buffer.getvalue() if text else ""
