"""Write CSV files that are safe to open in a spreadsheet."""

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def defuse(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; a lone dash, Moodle's sign for nothing, stays."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and text != "-" else text


def format_points(points: float | None) -> str:
    """Return points with a decimal point and no more than two decimals; "" for None."""
    if points is None:
        return ""
    return f"{points + 0.0:.2f}".rstrip("0").rstrip(".")


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    """Write rows, the header first, in UTF-8 with commas; a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    os.replace(temporary, path)
    return path
