"""Canvas: the export of its gradebook, the names in its downloads, and the gradebook that it imports."""

import re

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.exercise_column import find_column
from helpers.grading.lms.person_names import read_names
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import DownloadFormat, RosterFormat, System
from helpers.grading.lms.upload_format import UploadFormat, UploadLine, UploadTable

NAME = "canvas"
IDS = ("sis login id", "sis user id", "id")
TEST_STUDENT = ("Test", "Student")  # every Canvas course has one
POINTS_ROW = "Points Possible"
COLUMN = re.compile(r"(?P<title>.+) \(\d+\)")
COLUMNS = {column: column.lower() for column in ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")}

# What stands between a student's name and the student's own file name. Students choose both, and may put there what
# looks the same: so every place that fits is found (hence the lookahead), and the first is not simply believed.
MARKS = (
    # doejane_LATE_1234_567_04_inference-1.ipynb: sortable name, user, attachment, the student's own file name.
    re.compile(r"(?=(?P<late>_LATE)?_(?P<number>[0-9]+|anon_[^\W_]+)_(?P<upload>[0-9]+)_(?P<original>.+)\Z)", re.S),
    # doejane_1234_text.html: what was written into Canvas itself.
    re.compile(r"(?=(?P<late>_LATE)?_(?P<number>[0-9]+)_(?P<original>(text|link)\.html)\Z)"),
)
# LATE_anon_H7kQ2_567_04_inference.ipynb: marked anonymously in Canvas, with a sign of the submission for the student.
ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?anon_(?P<number>[^\W_]+)_((?P<upload>[0-9]+)_)?(?P<original>(?(upload).+|(text|link)\.html))",
    re.S,
)
ANONYMOUS_NAME = "anon"
NO_NAMES = "Canvas made them anonymous, and no roster says who is who: turn that off there, or grade without ROSTER."
# A second upload under the same name gets -1 before its ending, a third -2.
ATTEMPT = re.compile(r"(?P<stem>.+)-(?P<attempt>\d{1,3})(?P<suffix>(\.[A-Za-z][A-Za-z0-9]*)+)")


def _find_claims(name: str, is_folder: bool) -> list[tuple[int, Claim]]:
    if is_folder:
        return []
    anonymous = ANONYMOUS.fullmatch(name)
    if anonymous and not anonymous["number"].isdigit():  # else anon is what somebody is called
        return [(0, _make_claim(ANONYMOUS_NAME, anonymous))]
    matches = [match for mark in MARKS for match in mark.finditer(name) if match.start() > 0]
    return [(match.start(), _make_claim(name[: match.start()], match)) for match in matches]


def _make_claim(name: str, match: re.Match) -> Claim:
    original, attempt = _split_attempt(match["original"])
    upload = int(match.groupdict().get("upload") or 0)
    return Claim(name, NAME, match["number"], bool(match["late"]), upload, attempt, original)


def _split_attempt(original: str) -> tuple[str, int]:
    match = ATTEMPT.fullmatch(original)
    return (match["stem"] + match["suffix"], int(match["attempt"])) if match else (original, 0)


def _make_row(claim: Claim) -> dict[str, str]:
    return {"Student": claim.name, "ID": claim.number}


def _explain_stranger(name: str) -> str:
    return NO_NAMES if "anon_" in name else ""


def _is_no_student(row: RosterRow) -> bool:
    """Tell whether it is one of the rows that Canvas adds: points possible, how grades are posted, a test student."""
    is_named = any(row.cells.get(column) for column in IDS)
    is_extra = not is_named and row.cells.get("student", "") in ("", POINTS_ROW)
    return read_names(row.cells) == TEST_STUDENT or is_extra


def _find_points(row: RosterRow, title: str) -> str:
    """Return what the row "Points Possible" says of the exercise."""
    is_points = row.cells.get("student") == POINTS_ROW
    return row.own.get(find_column(row.own, COLUMN, title), "") if is_points else ""


def _make_table(table: UploadTable) -> list[list[str]]:
    """Return the students as Canvas knows them, and one column of points.

    If the roster has one column named after the exercise, "Exercise 01 ... (4711)", that is the column; otherwise it is
    "Exercise 01", and Canvas asks what to do with it. Without points possible in the roster, give the assignment as
    many points in Canvas as the second row says.
    """
    columns = _list_columns(table)
    title = find_column(table.columns, COLUMN, table.title) or table.title
    points_possible = [f"    {POINTS_ROW}", *[""] * (len(columns) - 1), table.maximum]
    rows = [[*_describe(line, list(columns.values())), line.points] for line in table.lines]
    return [[*columns, title], points_possible, *rows]


def _list_columns(table: UploadTable) -> dict[str, str]:
    """Return the columns that describe a student: the roster's own, as far as Section, if Canvas wrote it."""
    places = [place for place, name in enumerate(table.columns.values()) if name == "section"]
    return dict([*table.columns.items()][: places[0] + 1]) if places else COLUMNS


def _describe(line: UploadLine, columns: list[str]) -> list[str]:
    if line.row.own:
        return [line.row.cells.get(column, "") for column in columns]
    student = line.student
    cells = {"student": f"{student.last_name}, {student.first_name}".strip(", ") or student.id}
    return [(cells | {"sis login id": student.id}).get(column, "") for column in columns]


CANVAS = System(
    name=NAME,
    title="Canvas",
    roster=RosterFormat(
        signs=frozenset({"student", "sis login id", "section"}),
        ids=IDS,
        number="id",
        steady=("sis user id",),
        is_no_student=_is_no_student,
        find_points=_find_points,
    ),
    download=DownloadFormat(find_claims=_find_claims, make_row=_make_row, explain_stranger=_explain_stranger),
    upload=UploadFormat(file_name="canvas.csv", make_table=_make_table, is_for_everybody=True),
)
