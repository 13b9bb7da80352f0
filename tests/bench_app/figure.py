"""The comparison as a picture: how many times faster, and what bounds the default model."""

from collections.abc import Sequence
from pathlib import Path

from helpers import plots
from tests.bench_app.rounds import COMPILED, EAGER, LOOP
from tests.bench_app.rows import AppRow

_DPI = 120
_ROW_IN, _FRAME_IN = 0.42, 1.3  # inches for a bar, and for title and axis


def draw_figure(rows: Sequence[AppRow], path: Path, *, model: str, goal: float) -> None:
    """Draw the ratios of all rows against the loop, and photos a second of `model`, into a PNG file."""
    ratios = {f"{row.model}: {row.what}": row.ratio for row in rows if row.ratio}
    speeds = list_speeds(rows, model)
    heights = [_FRAME_IN + _ROW_IN * len(bars) for bars in (ratios, speeds)]
    upper, lower = plots.make_axes(rows=2, height_in=heights)
    what = "times as many photos a second"
    plots.plot_bars(ratios, xlabel=what, ax=upper, title="Speed-up over the loop", sort=False)
    line = {"color": plots.COLOURS["red"], "linestyle": "--", "linewidth": 1, "zorder": 0}
    upper.axvline(goal, label=f"goal for {model}, compiled", **line)
    upper.legend(frameon=False)
    plots.plot_bars(speeds, xlabel="photos a second", ax=lower, title=f"What bounds {model}", sort=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    upper.figure.savefig(path, dpi=_DPI, metadata={"Software": None})


def list_speeds(rows: Sequence[AppRow], model: str) -> dict[str, float]:
    """List photos a second of the loop and of the app, and what the model or reading alone would allow."""
    ways = {row.what: row for row in rows if row.model == model and row.what in (EAGER, COMPILED) and row.ratio}
    speeds = {LOOP: ways[EAGER].against_per_s} | {name: row.per_s for name, row in ways.items()}
    for name, row in ways.items():
        speeds[f"model alone, {name.removeprefix('app, ')}"] = row.model_alone_per_s
    return speeds | {"reading alone": ways[EAGER].reading_alone_per_s}
