"""What came out of the runs, as rows of a table."""

import csv
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import mean

from helpers.devices import list_devices
from helpers.grading.bench_grading.processes import Usage
from helpers.grading.bench_grading.sides import HARNESS

FLOOR = "floor: the exercise alone"
PACKAGES = ("nbgrader", "torch", "ipykernel", "nbclient", "SQLAlchemy")


@dataclass(frozen=True)
class Row:
    """One side over all rounds. Seconds are means a submission; ratios are this side's seconds over the harness's."""

    side: str
    rounds: int
    students: int
    notebooks: int
    wall_s: float | None
    cpu_s: float
    peak_mb: float | None
    wall_ratio: float | None = None
    wall_ratio_lowest: float | None = None
    cpu_ratio: float | None = None


def make_row(name: str, runs: Sequence[Usage], harness: Sequence[Usage], *, students: int, notebooks: int) -> Row:
    """Sum up a side's runs; each is compared with the harness's run of the same round."""
    walls = [run.wall_s / of_harness.wall_s for run, of_harness in zip(runs, harness, strict=False)]
    cpus = [run.cpu_s / of_harness.cpu_s for run, of_harness in zip(runs, harness, strict=False)]
    return Row(
        name,
        len(runs),
        students,
        notebooks,
        wall_s=mean(run.wall_s for run in runs) / students,
        cpu_s=mean(run.cpu_s for run in runs) / students,
        peak_mb=max(run.peak_mb for run in runs),
        wall_ratio=mean(walls) if walls else None,
        wall_ratio_lowest=min(walls) if walls else None,
        cpu_ratio=mean(cpus) if cpus else None,
    )


def make_floor_row(cpu_s: Sequence[float], *, students: int, notebooks: int) -> Row:
    """Sum up the floor: total CPU-seconds of each round. It runs without a grader: no wall time, no memory."""
    return Row(FLOOR, len(cpu_s), students, notebooks, wall_s=None, cpu_s=mean(cpu_s) / students, peak_mb=None)


def count_overhead_s(rows: Sequence[Row]) -> float | None:
    """Return the harness's CPU-seconds above the floor, a notebook; None if one of the two was not measured."""
    found = {row.side: row for row in rows}
    if HARNESS not in found or FLOOR not in found:
        return None
    harness = found[HARNESS]
    return (harness.cpu_s - found[FLOOR].cpu_s) * harness.students / harness.notebooks


def format_rows(rows: Sequence[Row]) -> str:
    """Return the table as text."""
    lines = [f"{'':28}{'s':>9}{'CPU-s':>9}{'peak MB':>9}{'s ratio':>9}{'CPU ratio':>10}   (s and CPU-s a submission)"]
    for row in rows:
        lines.append(
            f"{row.side:28}{_show(row.wall_s):>9}{_show(row.cpu_s):>9}{_show(row.peak_mb, 0):>9}"
            f"{_show(row.wall_ratio):>9}{_show(row.cpu_ratio):>10}"
        )
    return "\n".join(lines)


def _show(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def write_csv(rows: Sequence[Row], path: Path) -> None:
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
