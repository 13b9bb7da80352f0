"""Take in what one student handed in: from the files as they came to a clean copy and its description."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from helpers.grading.files.items import IntakeBudget, IntakeLimits, looks_like_notebook
from helpers.grading.files.names import show_name
from helpers.grading.intake.clean_copy import put_in_place, write_copy
from helpers.grading.intake.dating import date_notebooks
from helpers.grading.intake.earlier import add_older, leave_out_older, list_older
from helpers.grading.intake.gathering import TIMESTAMP, gather
from helpers.grading.intake.notebooks.choosing import Choice, choose_notebooks
from helpers.grading.intake.notebooks.marks import ReleasedNotebook
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.layouts import DownloadEntry
from helpers.grading.records import Student, Submission

MAX_PROBLEMS = 40


@dataclass(frozen=True)
class IntakeDesk:
    """What taking in needs beside the files: the release, limits, and where copies go.

    `scratch` is an empty folder on the same disk as `copies`; `aside` is where replaced copies go. `assignment` names
    what is handed in. `earlier` holds what
    was taken in before, by student; `zone` is that of the times in a worksheet.
    """

    released: tuple[ReleasedNotebook, ...]
    limits: IntakeLimits
    copies: Path
    scratch: Path
    aside: Path
    assignment: str
    earlier: Mapping[str, Submission] = field(default_factory=dict)
    zone: tzinfo | None = None


def take_in(student: Student, sources: list[tuple[Claim, DownloadEntry]], desk: IntakeDesk) -> Submission:
    """Write the clean copy of one student's work and return what was handed in; `sources` is empty if nothing was."""
    budget, earlier = IntakeBudget(desk.limits), desk.earlier.get(student.id)
    with ExitStack() as stack:
        gathered = gather(sources, stack, desk.limits, assignment=desk.assignment)
        notebooks = [item for item in gathered.items if item.is_notebook or looks_like_notebook(item, desk.limits)]
        choice = choose_notebooks(notebooks, desk.released, budget)
        chosen = {id(item) for item in notebooks}
        others = [*(item for item in gathered.items if id(item) not in chosen), *choice.others]
        problems = [*choice.problems, *gathered.problems]
        if not choice.versions:
            why = _shorten(problems + gathered.traces or _explain_nothing(len(others)))
            return Submission(student.id, problems=why, assignment=desk.assignment)
        dated = date_notebooks(student, sources, gathered, choice, budget, earlier=earlier, zone=desk.zone)
        leave_out_older(choice, dated.times, earlier, dated.clock)
        new = desk.scratch / student.id
        problems += [*dated.doubts, *write_copy(new, choice, others, budget)]
        older = list_older(earlier, choice, [released.name for released in desk.released])
        problems += add_older(new, earlier, older, choice)
        submission = _describe(student, choice, earlier, older, dated.times)
        if submission.timestamp:  # where nbgrader and formgrader look for it
            (new / TIMESTAMP).write_text(submission.timestamp + "\n", encoding="utf-8")
        target = desk.copies / student.id / desk.assignment
        put_in_place(new, target, aside=desk.aside / student.id)
    rest: dict[str, Any] = {"clock": dated.clock, "is_marked_late": dated.is_marked_late, "assignment": desk.assignment}
    return replace(submission, folder=str(target), problems=_shorten(problems), **rest)


def _describe(
    student: Student, choice: Choice, earlier: Submission | None, older: list[str], times: Mapping[str, str]
) -> Submission:
    """Return the notebooks that count, with their times: the submission's is the latest of them."""
    names = {name: show_name(version.item.label) for name, version in choice.versions.items()}
    times = dict(times)
    if earlier is not None:
        names |= {name: earlier.notebooks[name] for name in older}
        times |= {name: earlier.times[name] for name in older if name in earlier.times}
    return Submission(student.id, None, dict(sorted(names.items())), max(times.values(), default=None), times=times)


def _explain_nothing(count: int) -> list[str]:
    files = "1 file" if count == 1 else f"{count} files"
    return [f"What was handed in ({files}) holds no notebook: ask for the .ipynb files."] if count else []


def _shorten(problems: list[str]) -> tuple[str, ...]:
    """Return the first problems, and how many more there are."""
    extra = len(problems) - MAX_PROBLEMS
    return (*problems[:MAX_PROBLEMS], *([f"{extra:,} more files were refused."] if extra > 0 else []))
