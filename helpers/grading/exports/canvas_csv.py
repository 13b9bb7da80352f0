"""A gradebook that Canvas imports: the students as Canvas knows them, and one column of points."""

from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

from helpers.grading.exports.tables import defuse, write_csv
from helpers.grading.exports.uploads import find_maximum, make_upload
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.gradebook.points_text import format_points
from helpers.grading.lms.canvas_column import find_title
from helpers.grading.lms.columns import FORMATS, find_format, get_cell, normalize_column
from helpers.grading.records import Student, SubmissionRecord

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write_canvas_csv(
    path: Path,
    students: Iterable[Student],
    records: Mapping[str, SubmissionRecord],
    points: ClassPoints,
    *,
    title: str,
) -> Path:
    """Write the table; points are blank, which Canvas leaves as they are, where there is no grade.

    If the roster is a Canvas export with one column named after the assignment, "Exercise 01 ... (4711)", that is the
    column; otherwise it is `title`, "Exercise 01", and Canvas asks what to do with it. Points are scaled to the points
    possible that such an export names; without any, give the assignment in Canvas as many as the second row says.
    """
    students = list(students)
    columns = _list_columns(students)
    maximum = find_maximum(students) or points.core_most
    points_possible = ["    Points Possible", *[""] * (len(columns) - 1), format_points(maximum)]
    rows = [
        [*_describe(student, columns), format_points(make_upload(student, records.get(student.id), points).grade)]
        for student in students
    ]
    title = find_title(chain.from_iterable(student.row for student in students), title) or title
    header = [defuse(column) for column in (*columns, title)]
    return write_csv(path, [header, points_possible, *rows])


def _list_columns(students: list[Student]) -> list[str]:
    """Return the columns that describe a student: the roster's own, as far as Section, if Canvas wrote it."""
    row = students[0].row if students else {}
    columns = list(row)
    places = [place for place, column in enumerate(columns) if normalize_column(column) == "section"]
    return columns[: places[0] + 1] if places and _is_from_canvas(row) else list(COLUMNS)


def _is_from_canvas(row: Mapping[str, str]) -> bool:
    return find_format(row) is FORMATS["canvas"]


def _describe(student: Student, columns: list[str]) -> list[str]:
    if _is_from_canvas(student.row):
        return [defuse(get_cell(student.row, normalize_column(column))) for column in columns]
    name = f"{student.last_name}, {student.first_name}".strip(", ")
    return [defuse(cell) for cell in (name or student.id, "", "", student.id, "")]
