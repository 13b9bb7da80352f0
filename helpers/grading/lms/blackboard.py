"""Blackboard: the download of its gradebook, the names in its downloads, and the gradebook that it takes back."""

import re
from datetime import datetime

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.exercise_column import find_column
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import DownloadFormat, RosterFormat, System, TimeFormat
from helpers.grading.lms.upload_format import UploadFormat, UploadTable
from helpers.grading.lms.upload_rows import lay_out
from helpers.grading.lms.written_times import number_time

NAME = "blackboard"
# Exercise 01_jdoe_attempt_2026-09-24-21-26-00_04_inference.ipynb: the assignment, the user name, the time, the file's
# name, which the student chose: it comes last, so that the first time is Blackboard's. With .txt after the time it is
# what was written into Blackboard itself.
MARK = re.compile(r"(?P<before>.+?)_attempt_(?P<came>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<original>.+)|\.txt)", re.S)
TEXT = "attempt.txt"
COLUMN = re.compile(r"(?P<title>.+?) \[Total Pts: (?:up to )?(?P<points>[0-9.,]+)[^\]]*\] ?\|[0-9]+")
COLUMNS = {column: column.lower() for column in ("Last Name", "First Name", "Username", "Student ID")}


def _find_claims(name: str, is_folder: bool) -> list[tuple[int, Claim]]:
    """Return a claim for each user name that there may be: it, and the assignment's title, may hold a "_"."""
    match = None if is_folder else MARK.fullmatch(name)
    if match is None:
        return []
    before, came = match["before"], match["came"]
    places = [place for place, sign in enumerate(before) if sign == "_" and 0 < place < len(before) - 1]
    upload, original = number_time(_read_time(came)), match["original"] or TEXT
    logins = [before[place + 1 :] for place in reversed(places)]
    claims = [Claim(one, NAME, one.casefold(), upload=upload, original=original, came=came) for one in logins]
    return [(places[-1], claim) for claim in claims]


def _read_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _make_row(claim: Claim) -> dict[str, str]:
    return {"Last Name": "", "First Name": "", "Username": claim.name, "Student ID": "", "Availability": ""}


def _find_points(row: RosterRow, title: str) -> str:
    """Return the most points, which stand in the column's own name: "[Total Pts: 118 Score] |77"."""
    found = COLUMN.fullmatch(find_column(row.own, COLUMN, title))
    return found["points"] if found else ""


def _make_table(table: UploadTable) -> list[list[str]]:
    """Return the students as Blackboard knows them, and one column of points.

    If the roster has one column named after the exercise, with an id after the "|", that is the column; otherwise
    Blackboard makes a new one.
    """
    return lay_out(table, COLUMNS, find_column(table.columns, COLUMN, table.title) or table.title)


BLACKBOARD = System(
    name=NAME,
    title="Blackboard",
    roster=RosterFormat(
        signs=frozenset({"availability"}),
        sign_pattern=r"\[total pts: [^\]]*\] ?\|[0-9]+$",
        ids=("username", "student id"),
        number="username",
        read_number=str.casefold,
        number_is_login=True,
        steady=("student id",),
        find_points=_find_points,
    ),
    download=DownloadFormat(find_claims=_find_claims, make_row=_make_row),
    times=TimeFormat(clock="the names of Blackboard's files", read_local=_read_time),
    upload=UploadFormat(file_name="blackboard.csv", make_table=_make_table),
)
