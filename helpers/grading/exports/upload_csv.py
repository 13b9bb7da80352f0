"""Write what an LMS takes back, as its module in lms/ lays it out: grades come from here, columns from there."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.grading.exports.tables import defuse, write_csv
from helpers.grading.exports.uploads import find_maximum, make_upload
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.gradebook.points_text import describe_points, format_points
from helpers.grading.lms.columns import find_system, name_columns_of, name_row
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import System
from helpers.grading.lms.systems import list_systems
from helpers.grading.lms.upload_format import UploadFormat, UploadLine, UploadTable
from helpers.grading.records import IN_PART, Student, SubmissionRecord


def write_uploads(
    folder: Path,
    students: Sequence[Student],
    records: Mapping[str, SubmissionRecord],
    points: ClassPoints,
    *,
    title: str,
) -> list[Path]:
    """Write the file of each system that wrote the roster, and of those that take one for any roster."""
    own = {find_system(student.row) for student in students}
    return [
        write_upload(folder, system, system.upload, students, records, points, title=title)
        for system in list_systems()
        if system.upload and (system.upload.is_for_everybody or system in own)
    ]


def write_upload(
    folder: Path,
    system: System,
    upload: UploadFormat,
    students: Sequence[Student],
    records: Mapping[str, SubmissionRecord],
    points: ClassPoints,
    *,
    title: str,
) -> Path:
    """Write one system's file; points are blank, which systems leave as they are, where there is no grade.

    Points are scaled to the maximum that the roster names, if it does. `title` is that of what was handed in.
    """
    lines = [_make_line(system, student, records.get(student.id), points, title) for student in students]
    columns = name_columns_of(lines[0].row.own) if lines else {}
    maximum = format_points(find_maximum(students, title) or points.core_most)
    rows = upload.make_table(UploadTable(lines, columns, maximum, title))
    safe = [[defuse(cell) for cell in row] for row in rows]
    return write_csv(folder / upload.file_name, safe, separator=upload.separator)


def _make_line(
    system: System, student: Student, record: SubmissionRecord | None, points: ClassPoints, title: str
) -> UploadLine:
    upload = make_upload(student, record, points, title=title)
    own = points.find(student.id) if upload.grade is not None else None
    comment = f"{describe_points(own)}." if own else ""
    comment += " Some cells did not run." if own and record and record.status == IN_PART else ""
    row = name_row(student.row) if find_system(student.row) is system else RosterRow()
    return UploadLine(student, row, format_points(upload.grade), format_points(upload.maximum), comment)
