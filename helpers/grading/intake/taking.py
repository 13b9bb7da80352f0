"""Take in what one student handed in: from the files as they came to a clean copy and its description."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.intake.choosing import Choice, choose_notebooks
from helpers.grading.intake.claims import Claim
from helpers.grading.intake.clean_copy import put_in_place, write_copy
from helpers.grading.intake.gathering import TIMESTAMP, Gathered, gather
from helpers.grading.intake.items import Budget, Limits
from helpers.grading.intake.layouts import Entry
from helpers.grading.intake.marks import ReleasedNotebook
from helpers.grading.intake.names import show_name
from helpers.grading.intake.roster import get_cell
from helpers.grading.intake.times import find_newest_time, read_moodle_time, read_timestamp
from helpers.grading.notebooks import ASSIGNMENT
from helpers.grading.records import Student, Submission

MOST_PROBLEMS = 40


@dataclass(frozen=True)
class Desk:
    """What taking in needs beside the files: the release, limits, and where copies go.

    `scratch` is an empty folder on the same disk as `copies`; `aside` is where replaced copies go.
    """

    released: tuple[ReleasedNotebook, ...]
    limits: Limits
    copies: Path
    scratch: Path
    aside: Path


def take_in(student: Student, sources: list[tuple[Claim, Entry]], desk: Desk) -> Submission:
    """Write the clean copy of one student's work and return what was handed in; `sources` is empty if nothing was."""
    budget = Budget(desk.limits)
    with ExitStack() as stack:
        gathered = gather(sources, stack, desk.limits)
        notebooks = [item for item in gathered.items if item.is_notebook]
        others = [item for item in gathered.items if not item.is_notebook]
        choice = choose_notebooks(notebooks, desk.released, budget)
        problems = [*choice.problems, *gathered.problems]
        if not choice.versions:
            return Submission(student.id, problems=_shorten(problems or _explain_nothing(len(others))))
        timestamp, doubt = _find_time(student, sources, gathered, choice, budget)
        new = desk.scratch / student.id
        problems += [*doubt, *write_copy(new, choice, others, budget)]
        if timestamp:  # where nbgrader and formgrader look for it
            (new / TIMESTAMP).write_text(timestamp + "\n", encoding="utf-8")
        target = desk.copies / student.id / ASSIGNMENT
        put_in_place(new, target, aside=desk.aside / student.id)
    names = {name: show_name(version.item.label) for name, version in sorted(choice.versions.items())}
    return Submission(student.id, str(target), names, timestamp, _shorten(problems))


def _explain_nothing(count: int) -> list[str]:
    files = "1 file" if count == 1 else f"{count} files"
    return [f"What was handed in ({files}) holds no notebook: ask for the .ipynb files."] if count else []


def _shorten(problems: list[str]) -> tuple[str, ...]:
    """Return the first problems, and how many more there are."""
    extra = len(problems) - MOST_PROBLEMS
    return (*problems[:MOST_PROBLEMS], *([f"{extra:,} more files were refused."] if extra > 0 else []))


def _find_time(
    student: Student, sources: list[tuple[Claim, Entry]], gathered: Gathered, choice: Choice, budget: Budget
) -> tuple[str | None, list[str]]:
    """Return when the work was handed in, None if nothing tells, and what is to be said about it.

    Times in the archives of Canvas and Moodle are those of the download, so they tell nothing; those in a student's
    own archive are the student's. A timestamp.txt tells of what lies beside it.
    """
    doubt, systems = [], {claim.system for claim, _ in sources}
    taken = [version.item for version in choice.versions.values()]
    if gathered.timestamp is not None:
        timestamp, sentence = read_timestamp(gathered.timestamp, budget)
        doubt += [sentence] if sentence else []
        if timestamp:
            others = [] if systems - {""} else [item for item in taken if not item.is_stamped]
            return max(timestamp, find_newest_time(others) or ""), doubt
    if any(claim.is_late for claim, _ in sources):
        doubt.append("Canvas marks it as late, but does not say when it came: look there.")
    if "moodle" in systems:
        return read_moodle_time(get_cell(student.row, "last modified (submission)")), doubt
    if "canvas" in systems:
        return None, doubt
    return find_newest_time(taken), doubt
