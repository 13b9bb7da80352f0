"""What `make grade` is asked for, and what is refused of it before anything is done."""

from dataclasses import dataclass, field
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.penalties import check_dates
from helpers.grading.intake.kept import find_kept_zone, read_intakes
from helpers.grading.intake.lists import Lists
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT


@dataclass(frozen=True)
class Options:
    """What `make grade` is asked for; see grade.py for the meaning of each."""

    submissions: Path | None
    course: Path
    due: str = ""
    extra: str = ""
    again: str = ""
    assignment: str = ASSIGNMENT
    workers: int | None = None
    backend: str | None = None
    feedback: bool = True
    source: Path = ROOT
    every_cell: bool = False
    lists: Lists = field(default_factory=Lists)

    @property
    def place(self) -> CourseAssignment:
        """The assignment that is graded, in its course."""
        return CourseAssignment(self.course, self.assignment)


def check_options(options: Options) -> None:
    """Refuse dates that cannot be read, and lists that would not be read. IntakeError or DueDateError."""
    _refuse_lists_alone(options)
    check_dates(options.course, options.due, zone=options.lists.zone or find_kept_zone(read_intakes(options.place)))


def _refuse_lists_alone(options: Options) -> None:
    """Refuse lists that would be read with the submissions alone. IntakeError."""
    given = options.lists
    lists = {"ROSTER": given.roster, "TEAMS": given.teams, "MAP": given.map, "ZONE": given.zone}
    named = [f"{name}=" for name, value in (lists | {"ROSTER_COLUMNS": given.columns}).items() if value]
    if named and options.submissions is None:
        raise IntakeError(f"{' and '.join(named)} go with what was handed in: give SUBMISSIONS=path as well.")
