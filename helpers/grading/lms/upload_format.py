"""The file that an LMS takes back: what it is made of, and who lays out its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from helpers.grading.lms.row import RosterRow
from helpers.grading.records import Student


@dataclass(frozen=True)
class UploadLine:
    """What an upload says of a student, as text: `points` is "" as long as there is no grade, and has a decimal point.

    `row` is empty if the roster is not of the upload's system.
    """

    student: Student
    row: RosterRow
    points: str = ""
    maximum: str = ""
    comment: str = ""


@dataclass(frozen=True)
class UploadTable:
    """All lines of an upload; `columns` are those of a roster of the system's own, with their English names.

    `title` is that of what was handed in, such as "Exercise 01".
    """

    lines: Sequence[UploadLine]
    columns: Mapping[str, str]
    maximum: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class UploadFormat:
    """The file that a system takes back: `make_table` gives its rows, the header first.

    It is written if the roster is the system's, or always if it `is_for_everybody`. `separator` stands between cells.
    """

    file_name: str
    make_table: Callable[[UploadTable], list[list[str]]]
    is_for_everybody: bool = False
    separator: str = ","
