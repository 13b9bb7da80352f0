"""When a student's notebooks were handed in: what tells, and what is to be said about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo

from helpers.grading.files.items import IntakeBudget
from helpers.grading.intake.earlier import find_first_time
from helpers.grading.intake.gathering import Gathered
from helpers.grading.intake.notebooks.choosing import Choice
from helpers.grading.intake.system_times import date_by_system
from helpers.grading.intake.times import FILES, MARK, STAMP, find_newest_time, read_timestamp
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.layouts import DownloadEntry
from helpers.grading.lms.systems import list_systems
from helpers.grading.records import Student, Submission

LATE = "{title} marks it as late, but does not say when it came: look there."


@dataclass(frozen=True)
class Dated:
    """The notebooks' times, as far as they are known, what told them, and sentences on what is in doubt."""

    times: dict[str, str] = field(default_factory=dict)
    clock: str = ""
    doubts: tuple[str, ...] = ()
    is_marked_late: bool = False


def date_notebooks(
    student: Student,
    sources: Iterable[tuple[Claim, DownloadEntry]],
    gathered: Gathered,
    choice: Choice,
    budget: IntakeBudget,
    *,
    earlier: Submission | None,
    zone: tzinfo | None,
) -> Dated:
    """Return when the chosen notebooks were handed in.

    Times in the archives of an LMS are those of the download, so they tell nothing; those in a student's own archive
    are the student's. A timestamp.txt tells of what lies beside it.
    """
    claims, doubts = [claim for claim, _ in sources], []
    systems = [system for system in list_systems() if system.name in {claim.system for claim in claims}]
    is_late = any(claim.is_late for claim in claims)
    if gathered.timestamp is not None:
        timestamp, sentence = read_timestamp(gathered.timestamp, budget)
        doubts += [sentence] if sentence else []
        if timestamp:
            own = dict.fromkeys(choice.versions, timestamp)
            if not systems:
                files = _date_by_files(choice, None)
                own |= {name: files[name] for name in files if not choice.versions[name].item.is_stamped}
            return Dated(own, STAMP, tuple(doubts))
    marking = {claim.system for claim in claims if claim.is_late}
    titles = [system.title for system in systems if system.name in marking]
    doubts += [LATE.format(title=title) for title in titles]
    if not systems:
        return Dated(_date_by_files(choice, earlier), FILES, tuple(doubts))
    times: dict[str, str] = {}
    clock = sentence = ""
    for system in systems:
        if not (clock or sentence):
            times, clock, sentence = date_by_system(student, claims, choice, system, zone)
    clock = clock or next((MARK.format(title=title) for title in titles), "")
    return Dated(times, clock, (*doubts, *([sentence] if sentence else [])), is_late)


def _date_by_files(choice: Choice, earlier: Submission | None) -> dict[str, str]:
    times = {}
    for name, version in choice.versions.items():
        time = find_newest_time([version.item])
        first = find_first_time(earlier, name, version.data)
        if time or first:
            times[name] = min(filter(None, (time, first)))
    return times
