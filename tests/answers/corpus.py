"""Read the corpus: one TOML file an exercise, in tests/answers/corpus/.

[[wrong]]
title = "one short phrase: the misconception"
cause = "cause_id"
points = { top_k_usual = 0, top_k_order = 1, ... }     # of every graded cell of the exercise
code = '''...the whole answer cell...'''

[[right]]
title = "one short phrase: the style"
code = '''...'''
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from helpers.checks.causes import CAUSES

CORPUS = Path(__file__).with_name("corpus")
FEWEST_WRONG, FEWEST_RIGHT = 5, 3


class CorpusError(ValueError):
    """A corpus file does not say what it must; the message names file and entry."""


@dataclass(frozen=True)
class CorpusEntry:
    """One answer. `cause` is None for a right one, which gets full `points` in every graded cell."""

    exercise: str
    title: str
    code: str
    points: Mapping[str, float] = field(default_factory=dict)
    cause: str | None = None


def read_entries(exercise: str, possible: Mapping[str, float], folder: Path = CORPUS) -> list[CorpusEntry]:
    """Return one exercise's entries, the wrong ones first. Raises CorpusError."""
    path = folder / f"{exercise}.toml"
    if not path.exists():
        raise CorpusError(f"{exercise} has no answers: write {path.name} in {folder.name}/.")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = [_read_wrong(exercise, row, possible) for row in data.get("wrong", [])]
    right = [CorpusEntry(exercise, row["title"], row["code"], dict(possible)) for row in data.get("right", [])]
    titles = [entry.title for entry in wrong + right]
    if len(set(titles)) != len(titles) or len(wrong) < FEWEST_WRONG or len(right) < FEWEST_RIGHT:
        raise CorpusError(
            f"{path.name} needs {FEWEST_WRONG} wrong and {FEWEST_RIGHT} right answers, each with its title."
        )
    return wrong + right


def _read_wrong(exercise: str, row: Mapping, possible: Mapping[str, float]) -> CorpusEntry:
    points = row["points"]
    if set(points) != set(possible):
        raise CorpusError(f"{exercise}, {row['title']}: points must name {', '.join(possible)}.")
    if all(points[cell] == possible[cell] for cell in possible):
        raise CorpusError(f"{exercise}, {row['title']}: a wrong answer must lose points.")
    if row["cause"] not in CAUSES:
        raise CorpusError(f"{exercise}, {row['title']}: there is no cause {row['cause']!r}.")
    return CorpusEntry(exercise, row["title"], row["code"], dict(points), row["cause"])
