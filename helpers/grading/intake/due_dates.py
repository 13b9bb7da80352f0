"""Due dates as people write them, and the file of extensions."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from helpers.exercises import ASSIGNMENTS

COLUMNS = ("student", "assignment", "due", "hours", "waived")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)\s*(.*)")
_OFFSET = re.compile(r"(?:UTC)?([+-])(\d\d):?(\d\d)")
_YES, _NO = ("yes", "true", "1", "x"), ("", "no", "false", "0")


class DueDateError(ValueError):
    """A due date or an extension cannot be read; the message says what to write."""


@dataclass(frozen=True)
class Extension:
    """What was agreed with one student: a due date of their own (UTC, without a zone), or more hours, or no penalty."""

    due: datetime | None = None
    hours: float = 0.0
    waived: bool = False


def parse_due_date(text: str, *, zone: str = "") -> datetime:
    """Return the moment in UTC, without a zone, as nbgrader keeps it.

    `text` is a date, a time and a zone: "2026-12-01 23:59 Europe/Berlin", "2026-12-01 23:59 +01:00", "... UTC".
    `zone` is for text without one. An hour that a clock shows twice counts as the later one.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise DueDateError(f'"{text}" is no due date: write it like "2026-12-01 23:59 Europe/Berlin".')
    name = found[3] or zone
    if not name:
        raise DueDateError(f'"{text}" names no time zone: write it like "{found[1]} {found[2]} Europe/Berlin".')
    try:
        local = datetime.fromisoformat(f"{found[1]} {found[2]}")
    except ValueError as error:
        raise DueDateError(f'"{text}" is no due date: {error}.') from None
    moments = (local.replace(tzinfo=find_zone(name), fold=fold).astimezone(UTC) for fold in (0, 1))
    return max(moments).replace(tzinfo=None)


def find_zone(name: str) -> timezone | ZoneInfo:
    """Return the time zone of a name such as Europe/Berlin, UTC or +01:00. DueDateError if it is none."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes) * (-1 if offset[1] == "-" else 1))
    if name in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown here, or no name at all
        raise DueDateError(
            f'The time zone "{name}" is not known on this computer: write a name like Europe/Berlin, or how far it is '
            "from UTC, like +01:00."
        ) from None


def read_extensions(path: Path, *, zone: str = "", assignment: str = "") -> dict[str, Extension]:
    """Return each student's extension from a CSV file with the columns student, and due, hours or waived.

    With a column `assignment`, a line that names one is for that alone, and goes before a line for all of them.

    A line fills one of the three: `due` is a new due date (parse_due_date), `hours` how much longer there is
    time, `waived` says yes if being late costs nothing. `zone` is for due dates without one.
    """
    extensions: dict[tuple[str, str], Extension] = {}
    for number, cells in _read_lines(path):
        student, of = cells.pop("student"), cells.pop("assignment", "")
        if of not in ("", *ASSIGNMENTS):
            raise DueDateError(f"{path.name}, line {number}: there is no {of}: write one of {', '.join(ASSIGNMENTS)}.")
        if not student or (student, of) in extensions:
            raise DueDateError(f"{path.name}, line {number}: {student or 'a student'} must be named, and only once.")
        try:
            extensions[student, of] = _read_extension(cells, zone)
        except DueDateError as error:
            raise DueDateError(f"{path.name}, line {number}: {error}") from None
    for_all, own = ({who: one for (who, of), one in extensions.items() if of == named} for named in ("", assignment))
    return for_all | own


def _read_lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number and the cells of each line that is not empty."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DueDateError(f"{path.name} is not UTF-8 text: save it as CSV in UTF-8.") from None
    first = text.partition("\n")[0]
    rows = csv.reader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ",")
    columns = [name.strip().lower() for name in next(rows, [])]
    if "student" not in columns or not set(columns) <= set(COLUMNS):
        raise DueDateError(f"{path.name} begins with {first!r}: its columns are student, and due, hours or waived.")
    for row in rows:
        if any(cell.strip() for cell in row):
            yield rows.line_num, dict.fromkeys(columns, "") | dict(zip(columns, map(str.strip, row), strict=False))


def _read_extension(cells: dict[str, str], zone: str) -> Extension:
    filled = {name: text for name, text in cells.items() if text and not (name == "waived" and text.lower() in _NO)}
    if len(filled) != 1:
        raise DueDateError("fill exactly one of due, hours and waived.")
    (name, text), *_ = filled.items()
    if name == "due":
        return Extension(due=parse_due_date(text, zone=zone))
    if name == "waived":
        if text.lower() not in _YES:
            raise DueDateError(f'waived is yes or no, and not "{text}".')
        return Extension(waived=True)
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours < 24 * 366:
        raise DueDateError(f'hours is a number from 0 on, such as 48, and not "{text}".')
    return Extension(hours=hours)
