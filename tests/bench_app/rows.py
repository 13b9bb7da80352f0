"""From seconds to a table: one row compares a side with another, pair by pair."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from tests.bench_app.sides import AppRun


@dataclass(frozen=True)
class AppRow:
    """How much faster `what` is than `against`.

    per_s, against_per_s: photos a second, from the median seconds. ratio: median over the pairs of how many times
    faster; lowest and highest say how far the pairs disagree. same_top1: share of the photos with the same best
    class. model_alone_per_s, reading_alone_per_s: photos a second if the workers did nothing else. bound_by: what
    the workers' time went to. start_s, compile_s: seconds before the clock, not in the ratio. note: why a row is
    empty, or what is to be kept in mind. Numbers that do not apply are None.
    """

    model: str
    what: str
    against: str
    photos: int
    pairs: int = 0
    per_s: float | None = None
    against_per_s: float | None = None
    ratio: float | None = None
    ratio_lowest: float | None = None
    ratio_highest: float | None = None
    same_top1: float | None = None
    model_alone_per_s: float | None = None
    reading_alone_per_s: float | None = None
    bound_by: str = ""
    start_s: float | None = None
    compile_s: float | None = None
    note: str = ""


def compare_runs(row: AppRow, runs: Sequence[AppRun], against: Sequence[AppRun], *, workers: int) -> AppRow:
    """Return `row` with the numbers of these runs; runs[i] and against[i] are a pair. `workers` made `runs`."""
    ratios = [other.seconds / run.seconds for run, other in zip(runs, against, strict=True)]
    same = [ours == theirs for ours, theirs in zip(runs[0].top1, against[0].top1, strict=True)]
    row = dataclasses.replace(
        row,
        pairs=len(ratios),
        per_s=row.photos / median(run.seconds for run in runs),
        against_per_s=row.photos / median(run.seconds for run in against),
        ratio=median(ratios),
        ratio_lowest=min(ratios),
        ratio_highest=max(ratios),
        same_top1=sum(same) / len(same),
    )
    return _add_bounds(row, runs, workers) if all(run.model_s for run in runs) else row


def _add_bounds(row: AppRow, runs: Sequence[AppRun], workers: int) -> AppRow:
    """Add what reading and the model alone would allow, by the time that each took inside the workers."""
    reading_s, model_s = median(run.reading_s for run in runs), median(run.model_s for run in runs)
    available_s = workers * median(run.seconds for run in runs)
    shares = {"model": model_s / available_s, "reading": reading_s / available_s}
    shares["waiting"] = max(0.0, 1 - sum(shares.values()))
    return dataclasses.replace(
        row,
        model_alone_per_s=workers * row.photos / model_s,
        reading_alone_per_s=workers * row.photos / reading_s,
        bound_by=", ".join(f"{name} {share:.0%}" for name, share in shares.items()),
    )


def write_csv(rows: Sequence[AppRow], path: Path, *, machine: dict[str, str]) -> None:
    """Write all rows and columns, and what they were measured with in every row."""
    table = pd.DataFrame([dataclasses.asdict(row) | machine for row in rows])
    table.to_csv(path, index=False, float_format="%.4g")


def format_speeds(rows: Sequence[AppRow]) -> str:
    """Return the table of who is how much faster, as text."""
    lines = [
        {
            "model": row.model,
            "what": row.what,
            "photos x pairs": f"{row.photos} x {row.pairs}",
            "photos/s": _show(row.per_s, ".1f"),
            "loop, photos/s": _show(row.against_per_s, ".1f"),
            "ratio": _show(row.ratio, ".2f"),
            "lowest": _show(row.ratio_lowest, ".2f"),
            "highest": _show(row.ratio_highest, ".2f"),
            "same top-1": _show(row.same_top1, ".1%"),
            "note": row.note,
        }
        for row in rows
    ]
    return pd.DataFrame(lines).to_string(index=False)


def format_bounds(rows: Sequence[AppRow]) -> str:
    """Return the table of what bounds the app, as text; empty without rows that know it."""
    lines = [
        {
            "model": row.model,
            "what": row.what,
            "photos/s": _show(row.per_s, ".1f"),
            "model alone": _show(row.model_alone_per_s, ".1f"),
            "reading alone": _show(row.reading_alone_per_s, ".1f"),
            "time of the workers": row.bound_by,
            "start, s": _show(row.start_s, ".1f"),
            "compile, s": _show(row.compile_s, ".1f"),
        }
        for row in rows
        if row.bound_by
    ]
    return pd.DataFrame(lines).to_string(index=False) if lines else ""


def _show(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
