"""A second made-up system: its files name nobody, its columns are called otherwise, and it takes semicolons back."""

import re

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.system import DownloadFormat, RosterFormat, System
from helpers.grading.lms.upload_format import UploadFormat, UploadTable

NAME = "seats"
MARK = re.compile(r"Seat(?P<number>[0-9]+)__(?P<original>.+)", re.S)


def _find_claims(name: str, is_folder: bool) -> list[tuple[int, Claim]]:
    match = None if is_folder else MARK.fullmatch(name)
    if match is None:
        return []
    return [(0, Claim("", NAME, _read_seat(match["number"]), original=match["original"]))]


def _read_seat(cell: str) -> str:
    """Return 42 of "0042", as files have it, and of "42"."""
    return cell.strip().lstrip("0")


def _make_row(claim: Claim) -> dict[str, str]:
    return {"Matric": "", "Seat No": claim.number}


def _make_table(table: UploadTable) -> list[list[str]]:
    rows = [[line.row.cells.get("matric", ""), line.points.replace(".", ",")] for line in table.lines]
    return [["Matric", "Mark"], *rows]


SEATS = System(
    name=NAME,
    title="Seats",
    roster=RosterFormat(
        signs=frozenset({"matric", "seat no"}),
        ids=("matric",),
        number="seat no",
        read_number=_read_seat,
        read_names=lambda cells: (cells.get("forename", ""), cells.get("surname", "")),
        email=("mail",),
    ),
    download=DownloadFormat(find_claims=_find_claims, make_row=_make_row, names_nobody=True),
    upload=UploadFormat(file_name="seats.csv", make_table=_make_table, separator=";"),
)
