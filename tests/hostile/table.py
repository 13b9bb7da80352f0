"""Print outcomes as a table, and write them as build/hostile.csv."""

import csv
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import nbformat

from helpers.folder_lock import wait_for_folder
from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.notebooks.paths import BUILD
from tests.hostile.outcome import Outcome

COLUMNS = ("configuration", "attack", "expected", "outcome", "result")
PARTS, TABLE = BUILD / "hostile", BUILD / "hostile.csv"


def print_row(row: dict) -> None:
    """Print one line, and what is wrong below it, to stderr."""
    start = f"{row['configuration']:19} {row['attack']:40} {row['expected'][:46]:46}"
    line = f"{start} {row['result']:9} {row['seconds']:5.1f} s"
    print(line, file=sys.stderr, flush=True)
    for fault in (*row["faults"], *row["wrong"]):
        text = textwrap.fill(fault[:400], width=116, initial_indent=" " * 20, subsequent_indent=" " * 20)
        print(text, file=sys.stderr, flush=True)


def print_details(outcome: Outcome, result: GradedSubmission | None) -> None:
    """Print why a result is as it is, and what the attacker's own cells printed, to stderr."""
    lines = [f"reason: {reason}" for reason in outcome.reasons]
    for text in result.notebooks.values() if result else ():
        for cell in nbformat.reads(text, as_version=4).cells:
            for output in () if "nbgrader" in cell.metadata else cell.get("outputs", []):
                shown = output.get("text") or output.get("evalue") or output.get("data", {}).get("text/plain", "")
                lines.append(f"{cell.id} {output.get('ename', '')}: {str(shown)[:3000]}")
    print(textwrap.indent("\n".join(lines), " " * 20 + "| "), file=sys.stderr, flush=True)


def write_part(configuration: str, rows: Iterable[dict], *, folder: Path = PARTS) -> None:
    """Write one configuration's rows."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"{configuration}.csv", rows)


def join_parts(*, folder: Path = PARTS, table: Path = TABLE) -> None:
    """Write the rows of all configurations into one file."""
    with wait_for_folder(folder, say_so=False):
        _write(table, [row for path in sorted(folder.glob("*.csv")) for row in _read(path)])


def _write(path: Path, rows: Iterable[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def _read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
