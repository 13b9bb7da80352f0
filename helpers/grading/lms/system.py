"""What a module of this package says of its learning management system: data, and plain functions of names and rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from helpers.grading.lms.claim import Claim
from helpers.grading.lms.person_names import read_names
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.upload_format import UploadFormat
from helpers.grading.lms.written_times import read_local


def find_last_digits(cell: str) -> str:
    """Return 1234 of "1234", of "Participant 1234" and of "Teilnehmer/in1234", "" of anything else."""
    digits = re.search(r"[0-9]+$", cell)
    return digits[0] if digits else ""


def _find_nothing(_: object) -> str:
    return ""


def _find_no_points(_: object, title: str) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class RosterFormat:
    """A system's list of students. All columns are called by their English names, in lower case.

    It has at least one of the columns `signs`, or one that `sign_pattern` finds, and at least one of `ids`, those that
    may serve as ids, the best first. `number` is the column of the sign that stands in the names of its files, which
    `read_number` takes out of a cell; `number_is_login` tells that it is the student's own user name, so that it is
    looked up in other systems' rosters too. `steady` are columns that tell two people apart for good. `id_prefix` is a
    sign before each id that does not belong to it. `is_no_student` finds rows that the system adds, `find_points` the
    most points that a row names for what has the given title, `find_blind_name` what stands in the names of files where
    no list names anybody. `read_names` takes (first name, last name) from a row's cells, and `email` are the columns
    that may hold the address.
    """

    signs: frozenset[str]
    ids: tuple[str, ...]
    sign_pattern: str = ""
    number: str = ""
    read_number: Callable[[str], str] = find_last_digits
    number_is_login: bool = False
    steady: tuple[str, ...] = ()
    id_prefix: str = ""
    is_no_student: Callable[[RosterRow], bool] = lambda row: False
    find_points: Callable[[RosterRow, str], str] = _find_no_points
    find_blind_name: Callable[[RosterRow], str] = _find_nothing
    read_names: Callable[[Mapping[str, str]], tuple[str, str]] = read_names
    email: tuple[str, ...] = ("email address", "email")


@dataclass(frozen=True, kw_only=True)
class DownloadFormat:
    """How the files and folders in a system's download are named.

    `find_claims(name, is_folder)` gives pairs, the most likely first, since students choose names too: the place in the
    name where it looks like the system's, and what it says there. A claim's number counts only with the name of the
    student on the roster, unless the system's files have numbers alone (`names_nobody`). `has_one_number` tells that a
    name with two was made by a student. `make_row` gives a student's row, by the roster's own column names, where no
    roster does. `find_team` finds a team that no number names. `beside` are files of the system's own, in lower case.
    `explain_stranger` may say why a name can belong to nobody on a roster.
    """

    find_claims: Callable[[str, bool], list[tuple[int, Claim]]]
    make_row: Callable[[Claim], dict[str, str]]
    has_one_number: bool = False
    names_nobody: bool = False
    find_team: Callable[[str], str] = _find_nothing
    beside: frozenset[str] = frozenset()
    explain_stranger: Callable[[str], str] = _find_nothing


@dataclass(frozen=True, kw_only=True)
class TimeFormat:
    """Where a system says when work came: in a column of the roster, or else in the names of files (`Claim.came`).

    `clock` is what people are told of it; `read_local` reads a time, in the system's zone, None if it is none.
    """

    clock: str
    column: str = ""
    read_local: Callable[[str], datetime | None] = read_local


@dataclass(frozen=True, eq=False, kw_only=True)
class System:
    """One learning management system: `name` stands in records and claims, `title` is for people."""

    name: str
    title: str
    roster: RosterFormat
    download: DownloadFormat | None = None
    times: TimeFormat | None = None
    upload: UploadFormat | None = None
