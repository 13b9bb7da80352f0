"""An attack: its name, what it tries, how it is handed in, and what must happen. Most stand in cells/*.toml."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from helpers.grading.judge.template import Template
from helpers.grading.records import GRADED, STATUSES
from tests.hostile.exercise import ALL_POINTS
from tests.hostile.surroundings import Surroundings

FOLDER = Path(__file__).with_name("cells")
NOT_TAKEN_IN = "not taken in"


@dataclass(frozen=True)
class Handin:
    """What an attack may use to write its files.

    `top` is the folder of the class, `folder` that of the attacker in it, both there and empty; `notebook` is an
    honest one, to be changed; `around` knows where everything else is.
    """

    top: Path
    folder: Path
    template: Template
    notebook: NotebookNode
    around: Surroundings


@dataclass(frozen=True)
class Attack:
    """One attack.

    Code attacks have cells of their own, `cell` behind the imports and `end` at the end, and `answers` by grade id
    in place of honest ones. Any other hands in its files by `write`, and these go through intake first.
    `statuses` are those that are right, `points` what it must get (None: no matter), `most_points` at most.
    `cell_s` is how long a cell may take. `topic` is its file.
    """

    name: str
    tries: str
    statuses: tuple[str, ...] = (GRADED,)
    points: float | None = ALL_POINTS
    most_points: float = ALL_POINTS
    cell: str = ""
    end: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    write: Callable[[Handin], None] | None = None
    cell_s: float = 60.0
    topic: str = ""

    @property
    def expected(self) -> str:
        """Say what must happen."""
        points = "" if self.points is None else f", {self.points:g} of {ALL_POINTS:g}"
        most = f", at most {self.most_points:g} of {ALL_POINTS:g}" if self.most_points < ALL_POINTS else ""
        return f"{' or '.join(self.statuses)}{most or points}"


def read_attacks(folder: Path = FOLDER) -> list[Attack]:
    """Return the attacks that are code in cells."""
    paths = sorted(folder.glob("*.toml"))
    tables = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
    return [_read_attack(name, topic, entry) for topic, table in tables.items() for name, entry in table.items()]


def _read_attack(name: str, topic: str, entry: dict) -> Attack:
    status = entry.pop("status", GRADED)
    statuses = (status,) if isinstance(status, str) else tuple(status)
    unknown = set(statuses) - set(STATUSES)
    if unknown:
        raise ValueError(f"{name} expects a status that does not exist: {', '.join(unknown)}")
    if "most_points" in entry:
        entry["points"] = None
    if entry.get("points") == "any":
        entry["points"] = None
    return Attack(name, **entry, statuses=statuses, topic=topic)
