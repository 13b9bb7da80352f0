"""What became of the mutants: caught, listed as equivalent, or survived; as a table, and a row each in a file.

equivalent_mutants.toml lists, by exercise, the mutants that do just what the exercise asks for:
    [exercise]
    "line 3: 5 -> 6" = "the reason, in a line"
"""

import csv
import tomllib
from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.exercises import EXERCISES
from helpers.grading.records import GRADED
from tests.answers.grading import Outcome, list_possible

if TYPE_CHECKING:
    from tests.answers.mutants import Mutant

EQUIVALENTS = Path(__file__).with_name("equivalent_mutants.toml")
CAUGHT, EQUIVALENT, SURVIVED = "caught", "equivalent", "survived"
LEAST_CAUGHT, MAX_EQUIVALENT = 0.95, 0.10  # shares: of those that are not equivalent, and of all
COLUMNS = ("exercise", "mutant", "verdict", "source line", "points", "causes", "status")


def read_equivalents(mutants: "Sequence[Mutant]", path: Path = EQUIVALENTS) -> set[tuple[str, str]]:
    """Return the listed (exercise, mutant). Raises ValueError if there is no such exercise or mutant."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    known, graded = {(mutant.exercise, mutant.name) for mutant in mutants}, {mutant.exercise for mutant in mutants}
    pairs = {(exercise, name) for exercise, reasons in listed.items() for name in reasons}
    exercises = {exercise.id for exercise in EXERCISES}
    unknown = [pair for pair in pairs if pair[0] not in exercises or (pair[0] in graded and pair not in known)]
    if unknown:
        raise ValueError(f"{path.name} names what does not exist: {'; '.join(sorted(map(': '.join, unknown)))}")
    return pairs


def judge_mutant(mutant: "Mutant", outcome: Outcome, equivalents: Container[tuple[str, str]]) -> str:
    """Return CAUGHT if it lost a point or was not graded fully, else EQUIVALENT or SURVIVED."""
    if outcome.status != GRADED or dict(outcome.points) != list_possible(mutant.exercise):
        return CAUGHT
    return EQUIVALENT if (mutant.exercise, mutant.name) in equivalents else SURVIVED


def make_table(mutants: "Sequence[Mutant]", verdicts: Sequence[str]) -> pd.DataFrame:
    """Return one row an exercise, and their sum: how many mutants there are, and what became of them."""
    exercises = pd.Series([mutant.exercise for mutant in mutants], name="exercise")
    table = pd.crosstab(exercises, pd.Series(verdicts, name="verdict")).reindex(exercises.unique())
    table = table.reindex(columns=[CAUGHT, EQUIVALENT, SURVIVED], fill_value=0)
    table.insert(0, "mutants", table.sum(axis=1))
    table.loc["all"] = table.sum()
    return table


def are_enough_caught(verdicts: Sequence[str]) -> bool:
    """Return whether 95 % of those that are not equivalent were caught."""
    return verdicts.count(CAUGHT) >= LEAST_CAUGHT * (len(verdicts) - verdicts.count(EQUIVALENT))


def are_few_equivalent(verdicts: Sequence[str]) -> bool:
    """Return whether at most 10 % are equivalent; to be asked of all exercises together, as small ones have few."""
    return verdicts.count(EQUIVALENT) <= MAX_EQUIVALENT * len(verdicts)


def count_caught(path: Path) -> dict[str, str]:
    """Return "n of m" by exercise: the mutants caught, of those not equivalent, from a file of `write_csv`.

    Empty if there is no such file yet.
    """
    if not path.exists():
        return {}
    rows = pd.read_csv(path)
    rows = rows[rows["verdict"] != EQUIVALENT]
    counts = rows.groupby("exercise")["verdict"].agg(caught=lambda found: (found == CAUGHT).sum(), all="count")
    return {exercise: f"{row['caught']} of {row['all']}" for exercise, row in counts.iterrows()}


def write_csv(path: Path, mutants: "Sequence[Mutant]", outcomes: Sequence[Outcome], verdicts: Sequence[str]) -> None:
    """Write a row a mutant."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for mutant, outcome, verdict in zip(mutants, outcomes, verdicts, strict=True):
            points = " ".join(f"{name}={value:g}" for name, value in outcome.points.items())
            row = (mutant.exercise, mutant.name, verdict, mutant.line, points, " ".join(outcome.causes))
            writer.writerow((*row, outcome.status))
