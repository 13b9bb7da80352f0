"""A table for statistics: one row a student and exercise, or question; late penalties are not in it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from helpers.exercises.rows import Exercise, Question
from helpers.grading.exports.tables import defuse, write_csv
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.gradebook.points_text import format_points
from helpers.grading.gradebook.read import GradedCell
from helpers.grading.notebooks.cell_owners import find_owner, find_place
from helpers.grading.records import Student, SubmissionRecord

HEADER = (
    "student", "name", "notebook", "exercise", "part", "points", "max_points", "status", "needs_manual", "causes",
)  # fmt: skip
NOT_GRADED = "not graded"
Groups = dict[tuple[str, Exercise | Question], list[GradedCell]]


def write_exercises_csv(
    path: Path, students: Iterable[Student], records: Mapping[str, SubmissionRecord], points: ClassPoints
) -> Path:
    """Write the table; points are blank where nothing was graded."""
    groups: Groups = {}
    for cell in points.cells:
        groups.setdefault((cell.notebook, find_owner(cell.grade_id)), []).append(cell)
    groups = dict(sorted(groups.items(), key=lambda group: (group[0][0], find_place(group[0][1]))))
    rows = [row for student in students for row in _list_rows(student, records.get(student.id), groups, points)]
    return write_csv(path, [HEADER, *rows])


def _list_rows(
    student: Student,
    record: SubmissionRecord | None,
    groups: Groups,
    points: ClassPoints,
) -> Iterator[tuple[str, ...]]:
    grades = points.students.get(student.id) if record and record.was_graded else None
    own = grades.cells if grades else {}
    name = f"{student.first_name} {student.last_name}".strip()
    status = record.status if record else NOT_GRADED
    for (notebook, owner), cells in groups.items():
        found = [own[cell.grade_id] for cell in cells if cell.grade_id in own]
        earned = [grade.points for grade in found if grade.points is not None]
        needs_manual = any(grade.waits for grade in found)
        yield (
            *(defuse(text) for text in (student.id, name, notebook, owner.id)),
            "core" if owner.core else "optional",
            format_points(sum(earned) if earned else None),
            format_points(sum(cell.max_points for cell in cells)),
            status,
            "yes" if needs_manual else "no",
            " ".join(_list_causes(record, notebook, {cell.grade_id for cell in cells})),
        )


def _list_causes(record: SubmissionRecord | None, notebook: str, grade_ids: set[str]) -> list[str]:
    cells = (cell for one in (record.notebooks if record else ()) if one.name == notebook for cell in one.cells)
    return list(dict.fromkeys(cause for cell in cells if cell.grade_id in grade_ids for cause in cell.causes))
