"""Compare what the grader made of an answer with what the corpus says, and put all of it into tables."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.grading.records import GRADED
from tests.answers.corpus import CorpusEntry
from tests.answers.grading import Outcome

MAX_OTHER_CAUSES = 1
LEAST_NAMED = 0.95  # of an exercise's wrong answers
COLUMNS = ("exercise", "kind", "title", "expected cause", "named causes", "expected points", "points", "verdict", "why")


@dataclass(frozen=True)
class Verdict:
    """One entry with its outcome. `has_points`: every cell as expected; `is_named`: the cause, and at most one more."""

    entry: CorpusEntry
    outcome: Outcome

    @property
    def has_points(self) -> bool:
        return self.outcome.status == GRADED and dict(self.outcome.points) == dict(self.entry.points)

    @property
    def is_named(self) -> bool:
        if self.entry.cause is None:
            return not self.outcome.causes
        others = set(self.outcome.causes) - {self.entry.cause}
        return self.entry.cause in self.outcome.causes and len(others) <= MAX_OTHER_CAUSES

    @property
    def is_right(self) -> bool:
        """Return whether everything is as the corpus says."""
        return self.has_points and self.is_named

    def explain(self) -> str:
        """Return what differs, in a line."""
        parts = []
        if self.outcome.status != GRADED:
            parts.append(f"{self.outcome.status}: {' '.join(self.outcome.reasons)}")
        if not self.has_points:
            expected = self.entry.points
            different = {name: got for name, got in self.outcome.points.items() if got != expected.get(name)}
            parts.append(f"points {different}, expected { {name: expected.get(name) for name in different} }")
        if not self.is_named:
            parts.append(
                f"named {', '.join(self.outcome.causes) or 'nothing'}, expected {self.entry.cause or 'nothing'}"
            )
        return "; ".join(parts)


def make_table(verdicts: Sequence[Verdict], *, mutants: Mapping[str, str]) -> pd.DataFrame:
    """Return one row an exercise: wrong answers caught and named, right ones accepted, each as "n of m".

    `mutants` says the same of those that `make test-mutants` has caught, by exercise.
    """
    rows = {}
    for exercise in dict.fromkeys(verdict.entry.exercise for verdict in verdicts):
        wrong = [verdict for verdict in verdicts if verdict.entry.exercise == exercise and verdict.entry.cause]
        right = [verdict for verdict in verdicts if verdict.entry.exercise == exercise and not verdict.entry.cause]
        rows[exercise] = {
            "wrong caught": f"{sum(verdict.has_points for verdict in wrong)} of {len(wrong)}",
            "named by the right cause": f"{sum(verdict.is_named for verdict in wrong)} of {len(wrong)}",
            "right accepted": f"{sum(verdict.is_right for verdict in right)} of {len(right)}",
            "mutants caught": mutants.get(exercise, "see make test-mutants"),
        }
    return pd.DataFrame(rows).T


def find_failures(verdicts: Sequence[Verdict]) -> list[str]:
    """Return a sentence for each exercise that gives wrong points anywhere, or names too few causes rightly."""
    found = []
    for exercise in dict.fromkeys(verdict.entry.exercise for verdict in verdicts):
        mine = [verdict for verdict in verdicts if verdict.entry.exercise == exercise]
        wrong = [verdict for verdict in mine if verdict.entry.cause]
        pointless = [verdict.entry.title for verdict in mine if not verdict.has_points]
        named = sum(verdict.is_named for verdict in wrong)
        if pointless:
            found.append(f"{exercise} gives other points than expected: {'; '.join(pointless)}.")
        if named < LEAST_NAMED * len(wrong):
            found.append(
                f"{exercise} names the cause of {named} of {len(wrong)} wrong answers; at least 95 % it must be."
            )
    return found


def write_csv(path: Path, verdicts: Sequence[Verdict]) -> None:
    """Write a row an entry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(map(_make_row, verdicts))


def _make_row(verdict: Verdict) -> tuple[str, ...]:
    entry, outcome = verdict.entry, verdict.outcome
    return (
        entry.exercise,
        "wrong" if entry.cause else "right",
        entry.title,
        entry.cause or "",
        " ".join(outcome.causes),
        _list_points(entry.points),
        _list_points(outcome.points),
        "as expected" if verdict.is_right else "MISS",
        verdict.explain(),
    )


def _list_points(points: Mapping[str, float]) -> str:
    return " ".join(f"{name}={value:g}" for name, value in points.items())
