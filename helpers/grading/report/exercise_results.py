"""What the class made of each exercise, and which failures are common."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from helpers.checks.causes import CAUSES
from helpers.exercises import EXERCISE_BY_ID, EXERCISES
from helpers.exercises.rows import Exercise
from helpers.grading.records import CellRecord, SubmissionRecord

SOLVED, IN_PART, NOT_SOLVED, EMPTY, NOT_RUN = (
    "solved",
    "solved in part",
    "not solved",
    "left empty",
    "not run or not handed in",
)
RESULTS = (SOLVED, IN_PART, NOT_SOLVED, EMPTY, NOT_RUN)


@dataclass(frozen=True)
class ExerciseResult:
    """What became of one exercise: how many submissions there are with each result of RESULTS."""

    exercise: Exercise
    counts: Mapping[str, int]

    @property
    def submissions(self) -> int:
        return sum(self.counts.values())

    @property
    def pass_rate(self) -> float:
        """Share of the submissions that solved all of it, from 0 to 1."""
        return self.counts[SOLVED] / self.submissions if self.submissions else 0.0


@dataclass(frozen=True)
class FailureCount:
    """One cause in one exercise: how many submissions failed for it, of how many that were judged."""

    exercise: str
    cause: str
    submissions: int
    judged: int

    @property
    def sentence(self) -> str:
        return CAUSES.get(self.cause, "")


def count_exercises(records: Iterable[SubmissionRecord]) -> list[ExerciseResult]:
    """Return the results of every exercise that was judged, in course order."""
    counts: dict[str, Counter] = {exercise.id: Counter() for exercise in EXERCISES}
    for record in records:
        for exercise, cells in _group_cells(record).items():
            counts[exercise][_describe(cells)] += 1
    results = [ExerciseResult(exercise, counts[exercise.id]) for exercise in EXERCISES]
    return [result for result in results if result.submissions]


def _group_cells(record: SubmissionRecord) -> dict[str, list[CellRecord]]:
    """Return the judged checks by exercise; what only a person can judge is left out."""
    groups: dict[str, list[CellRecord]] = {}
    for cell in (cell for notebook in record.notebooks for cell in notebook.cells):
        if cell.exercise in EXERCISE_BY_ID and cell.points is not None:
            groups.setdefault(cell.exercise, []).append(cell)
    return groups


def _describe(cells: Sequence[CellRecord]) -> str:
    points, most = sum(cell.points or 0.0 for cell in cells), sum(cell.max_points for cell in cells)
    if points >= most:
        return SOLVED
    if points > 0:
        return IN_PART
    if not any(cell.ran for cell in cells):
        return NOT_RUN
    return EMPTY if any("not_answered" in cell.causes for cell in cells) else NOT_SOLVED


def count_failures(records: Iterable[SubmissionRecord]) -> list[FailureCount]:
    """Return the causes of failures by exercise, the commonest first; empty answers are no failure of this kind."""
    found, judged = Counter[tuple[str, str]](), Counter[str]()
    for record in records:
        for exercise, cells in _group_cells(record).items():
            judged[exercise] += 1
            causes = {cause for cell in cells for cause in cell.causes} - {"not_answered"}
            found.update((exercise, cause) for cause in causes)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [FailureCount(exercise, cause, number, judged[exercise]) for (exercise, cause), number in ordered]
