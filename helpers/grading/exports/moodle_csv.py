"""A table that Moodle takes: its own grading worksheet, filled in, or a list for its grade import."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from helpers.grading.exports.tables import defuse, write_csv
from helpers.grading.exports.uploads import make_upload
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.gradebook.points_text import describe_points, format_points
from helpers.grading.lms.columns import FORMATS, find_format, get_cell, name_column
from helpers.grading.records import IN_PART, Student, SubmissionRecord

PLAIN_COLUMNS = ("Full name", "Email address", "ID number")
GRADE_COLUMNS = ("Grade", "Maximum Grade", "Feedback comments")
OWN_COMMENT = re.compile(r"[\d.]+ of [\d.]+ points?\b")  # from an earlier upload


def write_moodle_csv(
    path: Path, students: Iterable[Student], records: Mapping[str, SubmissionRecord], points: ClassPoints
) -> Path:
    """Write the table; the grade is blank, which Moodle leaves as it is, where there is none.

    If the roster is Moodle's grading worksheet or list of participants, its columns are kept. The grade is scaled to a
    worksheet's maximum. Comments that a person wrote into the worksheet are kept.
    """
    students = list(students)
    columns = _list_columns(students[0].row if students else {})
    rows = []
    for student in students:
        record = records.get(student.id)
        cells = _describe(student, columns) | _grade(student, record, points)
        rows.append([cells.get(name_column(column, columns), "") for column in columns])
    return write_csv(path, [[defuse(column) for column in columns], *rows])


def _list_columns(row: Mapping[str, str]) -> list[str]:
    columns = list(row) if _is_from_moodle(row) else list(PLAIN_COLUMNS)
    present = {name_column(column, columns) for column in columns}
    return columns + [column for column in GRADE_COLUMNS if column.casefold() not in present]


def _is_from_moodle(row: Mapping[str, str]) -> bool:
    return find_format(row) is FORMATS["moodle"]


def _describe(student: Student, columns: list[str]) -> dict[str, str]:
    if _is_from_moodle(student.row):
        return {name_column(column, columns): defuse(student.row.get(column, "")) for column in columns}
    name = f"{student.first_name} {student.last_name}".strip()
    cells = zip(PLAIN_COLUMNS, (name, student.email, student.id), strict=True)
    return {name_column(column, PLAIN_COLUMNS): defuse(cell) for column, cell in cells}


def _grade(student: Student, record: SubmissionRecord | None, points: ClassPoints) -> dict[str, str]:
    upload, comment = make_upload(student, record, points), get_cell(student.row, "feedback comments")
    own = points.find(student.id) if upload.grade is not None else None
    if own and (not comment or OWN_COMMENT.match(comment)):
        comment = f"{describe_points(own)}."
        comment += " Some cells did not run." if record and record.status == IN_PART else ""
    return {
        "grade": format_points(upload.grade),
        "maximum grade": format_points(upload.maximum),
        "feedback comments": defuse(comment),
    }
