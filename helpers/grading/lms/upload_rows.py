"""Lay out an upload of the usual form: columns that say who it is, then one of points."""

from collections.abc import Mapping

from helpers.grading.lms.upload_format import UploadLine, UploadTable


def lay_out(table: UploadTable, columns: Mapping[str, str], title: str) -> list[list[str]]:
    """Return the header and a row for each student.

    `columns` are those that say who it is, with their English names: of the system's own roster, as it has them.
    """
    wanted = set(columns.values())
    own = {column: name for column, name in table.columns.items() if name in wanted} or columns
    return [[*own, title], *([*_describe(line, own), line.points] for line in table.lines)]


def _describe(line: UploadLine, columns: Mapping[str, str]) -> list[str]:
    student = line.student
    plain = {"username": student.id, "last name": student.last_name, "first name": student.first_name}
    return [(line.row.cells or plain).get(name, "") for name in columns.values()]
