"""What came out of the runs, as rows of a table."""

import csv
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from helpers.devices import list_devices

PACKAGES = ("nbgrader", "torch", "ipykernel", "nbclient", "SQLAlchemy")


@dataclass(frozen=True)
class GradingRun:
    """One side's run in one round: how many submissions it graded, and what that took in all.

    `start_up_s` of it went by before the first result, `end_s` after the last one, where that is known.
    """

    students: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    start_up_s: float | None = None
    end_s: float | None = None

    @property
    def further_s(self) -> float | None:
        """Return the seconds of each further submission between the first result and the last one."""
        if self.start_up_s is None or self.students < 2:
            return None
        return (self.wall_s - self.start_up_s - self.end_s) / (self.students - 1)


@dataclass(frozen=True)
class GradingRow:
    """One side over all rounds. Seconds are means a submission; ratios are this side's seconds over the harness's.

    `wall_ratio_lowest` is that of a single round, in which the two ran one after the other. Medians over the rounds are
    `start_up_s`, `end_s`, and `further_s`, what each submission takes in between.
    """

    side: str
    rounds: int
    students: int
    notebooks: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    wall_ratio: float | None = None
    wall_ratio_lowest: float | None = None
    cpu_ratio: float | None = None
    start_up_s: float | None = None
    end_s: float | None = None
    further_s: float | None = None


def make_row(
    name: str, runs: Sequence[GradingRun], harness: Sequence[GradingRun], *, students: int, notebooks: int
) -> GradingRow:
    """Sum up a side's runs, and compare them with the harness's, which may be none."""
    wall_s, cpu_s = _find_mean(runs, "wall_s"), _find_mean(runs, "cpu_s")
    rounds = zip(runs, harness, strict=False)
    walls = [_find_mean([run], "wall_s") / _find_mean([of_harness], "wall_s") for run, of_harness in rounds]
    return GradingRow(
        name,
        len(runs),
        students,
        notebooks,
        wall_s=wall_s,
        cpu_s=cpu_s,
        peak_mb=max(run.peak_mb for run in runs),
        wall_ratio=wall_s / _find_mean(harness, "wall_s") if walls else None,
        wall_ratio_lowest=min(walls) if walls else None,
        cpu_ratio=cpu_s / _find_mean(harness, "cpu_s") if walls else None,
        **{field: _find_median(runs, field) for field in ("start_up_s", "end_s", "further_s")},
    )


def _find_mean(runs: Sequence[GradingRun], field: str) -> float:
    """Return the seconds a submission."""
    return sum(getattr(run, field) for run in runs) / sum(run.students for run in runs)


def _find_median(runs: Sequence[GradingRun], field: str) -> float | None:
    values = [getattr(run, field) for run in runs]
    return None if None in values else median(values)


def format_rows(rows: Sequence[GradingRow]) -> str:
    """Return the table as text."""
    lines = [f"{'':28}{'s':>9}{'CPU-s':>9}{'peak MB':>9}{'s ratio':>9}{'CPU ratio':>10}   (s and CPU-s a submission)"]
    for row in rows:
        lines.append(
            f"{row.side:28}{_show(row.wall_s):>9}{_show(row.cpu_s):>9}{_show(row.peak_mb, 0):>9}"
            f"{_show(row.wall_ratio):>9}{_show(row.cpu_ratio):>10}"
        )
    lines += [
        f"{row.side}: {row.start_up_s:.1f} s up to the first result, {row.further_s:.2f} s for each further one, "
        f"{row.end_s:.1f} s for exports and report"
        for row in rows
        if row.further_s is not None
    ]
    return "\n".join(lines)


def _show(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def write_csv(rows: Sequence[GradingRow], path: Path) -> None:
    """Write the rows, each with the machine and the versions they were measured with."""
    machine = describe_machine()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*asdict(rows[0]), *machine])
        writer.writeheader()
        writer.writerows(asdict(row) | machine for row in rows)


def describe_machine() -> dict[str, str]:
    """Return processor, system and versions."""
    versions = {name.lower(): version(name) for name in PACKAGES}
    system = {"system": platform.platform(), "python": platform.python_version()}
    return {"processor": list_devices()[0].description, **system, **versions}
