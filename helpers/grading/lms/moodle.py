"""Moodle: its grading worksheet and list of participants, the folders in its downloads, and its grade import."""

import re

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import DownloadFormat, RosterFormat, System, TimeFormat
from helpers.grading.lms.upload_format import UploadFormat, UploadLine, UploadTable

NAME = "moodle"
# Jane Doe_1234_assignsubmission_file (or with a last "_") is a folder; with "_04_inference.ipynb" a file. Every place
# that fits is found (hence the lookahead): students may name their files so.
MARK = re.compile(r"(?=_(?P<number>[0-9]+)_assignsubmission_[a-z]+(_(?P<original>.*))?\Z)", re.S)
OF_TEAM = re.compile(r"(_[0-9]+)?_assignsubmission_[a-z]+(_.*)?\Z", re.S)  # Default group has no number

PLAIN_COLUMNS = {"Full name": "full name", "Email address": "email address", "ID number": "id number"}
GRADE_COLUMNS = {"Grade": "grade", "Maximum Grade": "maximum grade", "Feedback comments": "feedback comments"}
OWN_COMMENT = re.compile(r"[\d.]+ of [\d.]+ points?\b")  # from an earlier upload


def _find_claims(name: str, is_folder: bool) -> list[tuple[int, Claim]]:
    return [
        (match.start(), Claim(name[: match.start()], NAME, match["number"], original=match["original"] or ""))
        for match in MARK.finditer(name)
        if match.start() > 0
    ]


def _make_row(claim: Claim) -> dict[str, str]:
    return {"Identifier": f"Participant {claim.number}", "Full name": claim.name}


def _find_team(name: str) -> str:
    return OF_TEAM.sub("", name)


def _find_points(row: RosterRow, title: str) -> str:
    return row.cells.get("maximum grade", "")


def _find_blind_name(row: RosterRow) -> str:
    """Return what blind marking writes in place of a name: Participant."""
    return row.cells.get("identifier", "").rstrip("0123456789")


def _make_table(table: UploadTable) -> list[list[str]]:
    """Return the worksheet or list of participants with grades filled in, or a list for the grade import.

    Comments that a person wrote into the worksheet are kept.
    """
    columns = dict(table.columns or PLAIN_COLUMNS)
    columns |= {own: name for own, name in GRADE_COLUMNS.items() if name not in columns.values()}
    cells = [_describe(line) | _grade(line) for line in table.lines]
    return [list(columns), *([one.get(name, "") for name in columns.values()] for one in cells)]


def _describe(line: UploadLine) -> dict[str, str]:
    student = line.student
    name = f"{student.first_name} {student.last_name}".strip()
    plain = {"full name": name, "email address": student.email, "id number": student.id}
    return dict(line.row.cells) or plain


def _grade(line: UploadLine) -> dict[str, str]:
    before = line.row.cells.get("feedback comments", "")
    comment = line.comment if line.comment and (not before or OWN_COMMENT.match(before)) else before
    return {"grade": line.points, "maximum grade": line.maximum, "feedback comments": comment}


MOODLE = System(
    name=NAME,
    title="Moodle",
    roster=RosterFormat(
        signs=frozenset({"identifier", "full name", "first name", "email address", "id number", "username", "surname"}),
        ids=("username", "id number", "email address", "identifier", "full name"),
        number="identifier",
        steady=("id number",),
        find_points=_find_points,
        find_blind_name=_find_blind_name,
    ),
    # Moodle takes each "_" out of a person's name: a name with two numbers was made by a student.
    download=DownloadFormat(find_claims=_find_claims, make_row=_make_row, has_one_number=True, find_team=_find_team),
    times=TimeFormat(clock="Moodle's worksheet", column="last modified (submission)"),
    upload=UploadFormat(file_name="moodle.csv", make_table=_make_table, is_for_everybody=True),
)
