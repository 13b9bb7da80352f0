"""What each check tells: how many passed it, whether that goes with the rest of the score, and why others did not."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.grading.notebooks.cell_owners import find_owner, find_place
from helpers.grading.records import CellRecord, SubmissionRecord

FEWEST = 5  # submissions that a correlation takes
MAX_CAUSES = 3  # listed of a check


@dataclass(frozen=True)
class CheckResult:
    """One check over the submissions in which it was judged, of which `passed` passed all of it.

    `discrimination` is the point-biserial correlation of passing it with the points of all other checks, from -1 to 1:
    near 1, who passes it does well elsewhere; near 0 or below, it does not tell who knows more. None where too few
    submissions were judged, or where all or none of them passed. `causes` are the commonest, with how many they hit.
    """

    notebook: str
    grade_id: str
    max_points: float
    judged: int
    passed: int
    discrimination: float | None
    causes: tuple[tuple[str, int], ...]

    @property
    def pass_rate(self) -> float:
        """Share of the submissions that passed it, from 0 to 1."""
        return self.passed / self.judged


def count_checks(records: Iterable[SubmissionRecord]) -> list[CheckResult]:
    """Return the result of every check that was judged, in the order of the course."""
    judged: dict[tuple[str, str], list[tuple[CellRecord, float]]] = {}
    for record in records:
        cells = [(book.name, cell) for book in record.notebooks for cell in book.cells if _is_judged(cell)]
        total = sum(cell.points or 0.0 for _, cell in cells)
        for name, cell in cells:
            judged.setdefault((name, cell.grade_id), []).append((cell, total - (cell.points or 0.0)))
    results = [_sum_up(name, found) for (name, _), found in judged.items()]
    return sorted(results, key=lambda result: (result.notebook, find_place(find_owner(result.grade_id))))


def _is_judged(cell: CellRecord) -> bool:
    return bool(cell.exercise) and cell.points is not None


def _sum_up(notebook: str, found: Sequence[tuple[CellRecord, float]]) -> CheckResult:
    passed = [float((cell.points or 0.0) >= cell.max_points) for cell, _ in found]
    causes = Counter(cause for cell, _ in found for cause in set(cell.causes))
    first = found[0][0]
    return CheckResult(
        notebook,
        first.grade_id,
        first.max_points,
        judged=len(found),
        passed=int(sum(passed)),
        discrimination=_correlate(passed, [rest for _, rest in found]),
        causes=tuple(sorted(causes.items(), key=lambda item: (-item[1], item[0]))[:MAX_CAUSES]),
    )


def _correlate(passed: Sequence[float], rest: Sequence[float]) -> float | None:
    if len(passed) < FEWEST or len(set(passed)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(passed, rest)
