"""Brightspace (D2L): the export of its grades, the folders in its downloads, and the grades that it imports."""

import re
from datetime import datetime

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.exercise_column import find_column
from helpers.grading.lms.person_names import split_name
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import DownloadFormat, RosterFormat, System, TimeFormat
from helpers.grading.lms.upload_format import UploadFormat, UploadTable
from helpers.grading.lms.upload_rows import lay_out
from helpers.grading.lms.written_times import number_time, read_local

NAME = "brightspace"
# 397063-2557369 - Jane Doe - Sep 24, 2026 926 PM is a folder; with " - 04_inference.ipynb" a file. What students choose
# comes last, so the first time is Brightspace's.
MARK = re.compile(
    r"(?P<number>[0-9]+)-[0-9]+ - (?P<name>.+?)\s*- "
    r"(?P<came>[^-]*\b[0-9]{4}\b[^-]* [0-9]{3,4}(?: [AP]\.?M\.?)?)(?: - (?P<original>.+))?",
    re.S,
)
CLOCK = re.compile(r"\b([0-9]{1,2})([0-9]{2})(?= [AP]\.?M\.?\Z|\Z)")  # 926 PM, and 2126: file names hold no colon
COLUMN = re.compile(r"(?P<title>.+) Points Grade(?: <(?P<more>.*)>)?")
MAX_POINTS = re.compile(r"MaxPoints:([0-9.,]+)")
COLUMNS = {column: column.lower() for column in ("OrgDefinedId", "Username", "Last Name", "First Name", "Email")}
END = ("End-of-Line Indicator", "#")


def _find_claims(name: str, is_folder: bool) -> list[tuple[int, Claim]]:
    match = MARK.fullmatch(name)
    if match is None or is_folder == bool(match["original"]):
        return []
    came, original = match["came"], match["original"] or ""
    upload = number_time(_read_time(came))
    return [(0, Claim(match["name"], NAME, match["number"], upload=upload, original=original, came=came))]


def _read_time(text: str) -> datetime | None:
    return read_local(CLOCK.sub(r"\1:\2", text))


def _make_row(claim: Claim) -> dict[str, str]:
    first, last = split_name(claim.name)
    return {"Last Name": last, "First Name": first}


def _find_points(row: RosterRow, title: str) -> str:
    """Return the most points, which stand in the column's own name: "<Numeric MaxPoints:118>"."""
    found = MAX_POINTS.search(find_column(row.own, COLUMN, title))
    return found[1] if found else ""


def _make_table(table: UploadTable) -> list[list[str]]:
    """Return the students as Brightspace knows them, and one column of points, under the name that the roster has."""
    header, *rows = lay_out(
        table, COLUMNS, find_column(table.columns, COLUMN, table.title) or f"{table.title} Points Grade"
    )
    return [[*header, END[0]], *([*row, END[1]] for row in rows)]


BRIGHTSPACE = System(
    name=NAME,
    title="Brightspace",
    roster=RosterFormat(
        signs=frozenset({"orgdefinedid", "end-of-line indicator"}),
        ids=("username", "orgdefinedid", "email"),
        steady=("orgdefinedid",),
        id_prefix="#",
        find_points=_find_points,
    ),
    download=DownloadFormat(find_claims=_find_claims, make_row=_make_row, beside=frozenset({"index.html"})),
    times=TimeFormat(clock="the names of Brightspace's files", read_local=_read_time),
    upload=UploadFormat(file_name="brightspace.csv", make_table=_make_table),
)
