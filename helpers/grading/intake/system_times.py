"""When notebooks came by an LMS's own clock: a column of its list, or the names in its download."""

from collections.abc import Iterable
from datetime import tzinfo

from helpers.grading.intake.notebooks.choosing import Choice
from helpers.grading.intake.times import UNZONED
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.columns import get_cell
from helpers.grading.lms.system import System
from helpers.grading.lms.systems import list_systems
from helpers.grading.lms.written_times import put_in_utc
from helpers.grading.records import Student

NO_TIME = '{where} gives the time "{text}", which cannot be read: see there when it came.'
BY_LIST, BY_NAME = "The worksheet", "The file's name"


def date_by_system(
    student: Student, claims: Iterable[Claim], choice: Choice, system: System, zone: tzinfo | None
) -> tuple[dict[str, str], str, str]:
    """Return the notebooks' times by a system's clock, what people are told of the clock, and a sentence of doubt.

    Without the system's zone no time is taken, and the clock says so.
    """
    texts = _find_texts(student, claims, choice, system)
    if not texts or system.times is None:
        return {}, "", ""
    if zone is None:
        return {}, system.times.clock + UNZONED, ""
    found = {name: put_in_utc(system.times.read_local(text), zone) for name, text in texts.items()}
    times = {name: time for name, time in found.items() if time}
    unread = next((texts[name] for name in found if name not in times), "")
    where = BY_LIST if system.times.column else BY_NAME
    doubt = NO_TIME.format(where=where, text=unread) if unread else ""
    return times, system.times.clock if times else "", doubt


def _find_texts(student: Student, claims: Iterable[Claim], choice: Choice, system: System) -> dict[str, str]:
    """Return the time of each notebook as the system writes it; those of names by the upload that was chosen."""
    if system.times and system.times.column:
        text = find_listed_time(student)
        return dict.fromkeys(choice.versions, text) if text else {}
    came = {(claim.upload, claim.attempt): claim.came for claim in claims if claim.system == system.name}
    texts = {name: came.get(version.item.version, "") for name, version in choice.versions.items()}
    return {name: text for name, text in texts.items() if text}


def find_listed_time(student: Student) -> str:
    """Return the time of handing in as a system's own list writes it, "" if it gives none."""
    columns = (system.times.column for system in list_systems() if system.times and system.times.column)
    texts = (get_cell(student.row, column) for column in columns)
    return next((text for text in texts if text not in ("", "-")), "")
