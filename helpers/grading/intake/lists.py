"""The lists that an instructor gives beside the submissions: who the students are, and who is in which team."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.students.file_map import FileMap, read_file_map
from helpers.grading.intake.students.finding import StudentFinder
from helpers.grading.intake.students.known_students import KnownStudents
from helpers.grading.intake.students.roster import read_roster
from helpers.grading.intake.students.teams import Teams, read_teams
from helpers.grading.intake.system_times import find_listed_time
from helpers.grading.intake.times import UNZONED
from helpers.grading.lms.claim import Claim
from helpers.grading.records import Student

NO_ZONE = (
    "The times in {name} have the time zone of the system that wrote them, which they do not say: name it once, "
    "ZONE=Europe/Berlin, so that nobody is late, or in time, by a guess."
)


@dataclass(frozen=True)
class Lists:
    """The roster, names of its columns, the teams, the map of files (whose each is), the times' zone.

    `needs_times` tells that there is a due date; `is_same_class` that a roster of others is meant.
    """

    roster: Path | None = None
    columns: str = ""
    teams: Path | None = None
    map: Path | None = None
    zone: str = ""
    needs_times: bool = False
    is_same_class: bool = False


def list_students(lists: Lists, earlier: Intake | None, known: KnownStudents, *, title: str) -> list[Student] | None:
    """Return the students of the roster, or of the last one; None if there never was one. `title`: see read_roster."""
    if lists.roster is not None:
        return read_roster(lists.roster, known=known, columns=lists.columns, title=title)
    return list(earlier.students) if earlier and earlier.has_roster else None


def refuse_to_guess(lists: Lists, roster: list[Student] | None, zone: str, claims: Iterable[Claim]) -> None:
    """Refuse times without a zone, in the roster or in names, where there is a due date. IntakeError."""
    if not lists.needs_times or zone:
        return
    if any(map(find_listed_time, roster or ())):
        raise IntakeError(NO_ZONE.format(name=lists.roster.name if lists.roster else "the roster"))
    if any(claim.came for claim in claims):
        raise IntakeError(NO_ZONE.format(name="the files' names"))


def refuse_unzoned(intake: Intake | None) -> None:
    """Refuse an intake that took times without knowing their zone. IntakeError."""
    if intake and any(submission.clock.endswith(UNZONED) for submission in intake.submissions):
        raise IntakeError(f"{NO_ZONE.format(name='what was handed in')} Give SUBMISSIONS= and ROSTER= with it.")


def read_teams_of(lists: Lists, roster: list[Student] | None) -> Teams | None:
    """Return the teams that were given, None without. IntakeError if they cannot be read."""
    return read_teams(lists.teams, _make_finder("TEAMS", roster)) if lists.teams else None


def read_map_of(lists: Lists, roster: list[Student] | None) -> FileMap | None:
    """Return the map of files that was given, None without. IntakeError if it cannot be read."""
    return read_file_map(lists.map, _make_finder("MAP", roster)) if lists.map else None


def _make_finder(name: str, roster: list[Student] | None) -> Callable[[str], str]:
    """Return what gives the id of whoever a cell of a list names, "" if that is nobody on the roster."""
    if roster is None:
        raise IntakeError(f"{name}= names students of a roster: give it as well, ROSTER=students.csv.")
    finder = StudentFinder(roster)

    def find(name: str) -> str:
        student = finder.find(name, is_folder=True).student
        return student.id if student else ""

    return find
