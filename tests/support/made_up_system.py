"""A learning management system that does not exist, as a contributor would describe a new one: copy it."""

import re
from datetime import datetime

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import DownloadFormat, RosterFormat, System, TimeFormat
from helpers.grading.lms.upload_format import UploadFormat, UploadTable
from helpers.grading.lms.written_times import number_time

NAME = "quill"
MARK = re.compile(r"(?P<number>[0-9]+)~(?P<name>.+?)~(?P<came>[0-9. ]+)~(?P<original>.+)", re.S)


def _find_claims(name: str, is_folder: bool) -> list[tuple[int, Claim]]:
    match = None if is_folder else MARK.fullmatch(name)
    if match is None:
        return []
    came = match["came"]
    upload = number_time(_read_time(came))
    return [(0, Claim(match["name"], NAME, match["number"], upload=upload, original=match["original"], came=came))]


def _read_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%d.%m.%Y %H.%M")
    except ValueError:
        return None


def _make_row(claim: Claim) -> dict[str, str]:
    return {"Quill Id": claim.number, "Name": claim.name}


def _find_points(row: RosterRow, title: str) -> str:
    return row.cells.get("out of", "")


def _make_table(table: UploadTable) -> list[list[str]]:
    rows = [[line.row.cells.get("quill id", ""), line.points, line.maximum] for line in table.lines]
    return [["Quill Id", "Points", "Out of"], *rows]


QUILL = System(
    name=NAME,
    title="Quill",
    roster=RosterFormat(
        signs=frozenset({"quill id"}), ids=("quill login", "quill id"), number="quill id", find_points=_find_points
    ),
    download=DownloadFormat(find_claims=_find_claims, make_row=_make_row, beside=frozenset({"contents.txt"})),
    times=TimeFormat(clock="the names of Quill's files", read_local=_read_time),
    upload=UploadFormat(file_name="quill.csv", make_table=_make_table),
)
