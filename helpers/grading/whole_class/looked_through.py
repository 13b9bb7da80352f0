"""Say what was handed in, before anything is graded: a table, and one line that sums it up."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from helpers.grading.gradebook.expected_lateness import DueDates
from helpers.grading.gradebook.lateness import LEAST_S, UNKNOWN
from helpers.grading.intake.collect import Look
from helpers.grading.intake.kept import Intake
from helpers.grading.records import Submission

HEADER = ("student", "files", "notebooks", "came (UTC)", "state")
NOTHING_WRITTEN = "Nothing was written. If this is as it should be: make grade, with the same words."


def sum_up(intake: Intake, dates: DueDates) -> str:
    """Return one line: how much belongs to somebody, how much to nobody, what is late, and what cannot be read."""
    late = sum(dates.measure_lateness(one) > 0 for one in intake.submissions)
    unreadable = sum(map(_is_unreadable, intake.submissions))
    strays = len(intake.unknown)
    matched = _count(intake.matched, "file or folder", "files or folders")
    parts = [f"{matched} matched", _count(strays, "stray", "strays")]
    parts += [f"{late} late"] if dates.due else []
    return f"Looked through: {', '.join([*parts, f'{unreadable} unreadable'])}."


def describe(look: Look, dates: DueDates) -> Iterator[str]:
    """Yield the lines of the whole table, with everything that belongs to nobody, and what to do about it."""
    rows = [HEADER, *(_describe(one, look.files.get(one.student, 0), dates) for one in look.intake.submissions)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADER) - 1)]
    for row in rows:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
    if look.intake.unknown:
        yield from ("", "Strays:", *(f"  {sentence}" for sentence in look.intake.unknown))
    yield from ("", *filter(None, (look.hint, *look.intake.remarks, describe_clocks(look.intake, dates))))
    yield from (sum_up(look.intake, dates), NOTHING_WRITTEN)


def describe_clocks(intake: Intake, dates: DueDates) -> str:
    """Return what told when work came, of how many, and when it is due; "" without a due date."""
    if dates.due is None:
        return ""
    clocks = Counter(one.clock or UNKNOWN for one in intake.submissions if one.folder)
    told = ", ".join(f"{clock} ({count})" for clock, count in sorted(clocks.items()))
    return f"Due {dates.due:%Y-%m-%d %H:%M} UTC. When it came is told by: {told or UNKNOWN}."


def _describe(submission: Submission, files: int, dates: DueDates) -> tuple[str, ...]:
    came = (submission.timestamp or "-")[:16].replace("T", " ")
    notebooks = str(len(submission.notebooks) or "-")
    return submission.student, str(files or "-"), notebooks, came, _describe_state(submission, dates)


def _describe_state(submission: Submission, dates: DueDates) -> str:
    if _is_unreadable(submission):
        return f"unreadable: {submission.problems[0]}"
    if submission.folder is None:
        return "nothing handed in"
    late_s = dates.measure_lateness(submission)
    late = "marked as late" if late_s == LEAST_S else f"late by {timedelta(seconds=round(late_s))}"
    return "; ".join([*([late] if late_s else []), *submission.problems[:1]]) or "as it should be"


def _is_unreadable(submission: Submission) -> bool:
    return submission.folder is None and bool(submission.problems)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
