"""How long grading took, a submission and a notebook."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.grading.records import MISSING, SubmissionRecord


@dataclass(frozen=True)
class Times:
    """Seconds that something took, over many submissions; `slowest` is the student of the highest wall time."""

    name: str
    median_cpu_s: float
    highest_cpu_s: float
    median_wall_s: float
    highest_wall_s: float
    slowest: str


def sum_times(records: Mapping[str, SubmissionRecord]) -> list[Times]:
    """Return the times of a whole submission first, then of each notebook; of what was not run, none."""
    rows: dict[str, list[tuple[str, float, float]]] = {"a submission": []}
    for student, record in records.items():
        notebooks = [notebook for notebook in record.notebooks if notebook.status != MISSING and notebook.wall_s]
        for notebook in notebooks:
            rows.setdefault(notebook.name, []).append((student, notebook.cpu_s, notebook.wall_s))
        if notebooks:
            total = sum(book.cpu_s for book in notebooks), sum(book.wall_s for book in notebooks)
            rows["a submission"].append((student, *total))
    sums = [_sum_up(name, found) for name, found in rows.items() if found]
    return [*sums[:1], *sorted(sums[1:], key=lambda times: times.name)]


def _sum_up(name: str, found: Sequence[tuple[str, float, float]]) -> Times:
    cpu, wall = [row[1] for row in found], [row[2] for row in found]
    slowest = max(found, key=lambda row: row[2])[0]
    return Times(name, statistics.median(cpu), max(cpu), statistics.median(wall), max(wall), slowest)
