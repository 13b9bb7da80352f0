"""The report's figures, in the one style of all figures, as pictures inside the page."""

import base64
import html
import io
import statistics
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.grading.report.exercise_results import EMPTY, IN_PART, NOT_RUN, NOT_SOLVED, RESULTS, SOLVED, ExerciseResult
from helpers.grading.report.times import Times
from helpers.plots.style import COLOURS, WIDTH_IN, make_axes, use_style

_FILLS = {  # colour, colour of the edge and pattern: patterns differ in grey print too
    SOLVED: (COLOURS["blue"], "white", ""),
    IN_PART: (COLOURS["sky"], "white", ""),
    NOT_SOLVED: (COLOURS["orange"], "white", "///"),
    EMPTY: ("#C8C8C8", "white", ""),
    NOT_RUN: ("white", COLOURS["grey"], "...."),
}
_BINS = 20
_ROW_IN = 0.33  # inches a bar
_PIXELS_AN_INCH = 96


def embed(ax: Axes, alt: str) -> Markup:
    """Return the figure of `ax` as an HTML picture with the alternative text `alt`."""
    figure: Figure = ax.figure  # type: ignore[assignment]  # no plot here has figures in figures
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=2 * _PIXELS_AN_INCH, metadata={"Software": None})
    source = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    width = round(WIDTH_IN * _PIXELS_AN_INCH)
    return Markup(f'<img alt="{html.escape(alt)}" width="{width}" src="{source}">')


@use_style
def draw_points(points: Sequence[float], most: float) -> Markup:
    """Draw how many submissions earned how many points, of `most`, with the median."""
    (ax,) = make_axes(height_in=3.2)
    low = min(0.0, *points)
    counts, edges = np.histogram(points, bins=np.linspace(low, max(most, *points) or 1, _BINS + 1))
    ax.bar(edges[:-1], counts, width=np.diff(edges), align="edge", color=COLOURS["blue"], edgecolor="white")
    median = statistics.median(points)
    ax.axvline(median, color=COLOURS["black"], linestyle="--", label=f"median: {median:.3g} points")
    ax.set(xlabel=f"points of the core (of {most:g})", ylabel="submissions", xlim=(low, edges[-1]))
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.grid(axis="y")
    ax.figure.legend(loc="outside upper right")
    low, high = np.percentile(points, (25, 75))
    return embed(
        ax,
        f"Histogram of the points of {len(points)} submissions, from 0 to {most:g}. The median is {median:.3g}; "
        f"half of the submissions lie between {low:.3g} and {high:.3g}.",
    )


@use_style
def draw_exercises(results: Sequence[ExerciseResult]) -> Markup:
    """Draw one bar an exercise, in course order: which share of the submissions ended how."""
    places = _place_rows([result.exercise.notebook for result in results])
    (ax,) = make_axes(height_in=1.5 + _ROW_IN * (max(places) + 1))
    left = np.zeros(len(results))
    for name in RESULTS:
        colour, edge, pattern = _FILLS[name]
        shares = np.array([result.counts[name] / result.submissions * 100 for result in results])
        lines = np.where(shares > 0, 1, 0)  # points wide: none around a bar that is not there
        bars = {"left": left, "height": 0.78, "color": colour, "edgecolor": edge, "hatch": pattern, "linewidth": lines}
        ax.barh(places, shares, label=name, **bars)
        left += shares
    for place, result in zip(places, results, strict=True):
        ax.text(102, place, f"{result.pass_rate:.0%}", va="center")
    ax.text(102, 0, "solved", va="center", fontweight="bold")
    _name_rows(ax, places, results)
    ax.set(xlim=(0, 114), xticks=range(0, 101, 20), xlabel="share of the submissions (%)")
    ax.figure.legend(loc="outside upper center", ncols=3)
    ordered = sorted(results, key=lambda result: result.pass_rate)
    hardest = ", ".join(f"{result.exercise.id} {result.pass_rate:.0%}" for result in ordered[:3])
    return embed(
        ax, f"Bars of {len(results)} exercises: how many submissions solved each. Least often solved: {hardest}."
    )


def _place_rows(notebooks: Sequence[str]) -> list[int]:
    """Return each bar's row: a notebook's name takes a row of its own above its bars."""
    names = list(dict.fromkeys(notebooks))
    return [place + names.index(notebook) + 1 for place, notebook in enumerate(notebooks)]


def _name_rows(ax: Axes, places: Sequence[int], results: Sequence[ExerciseResult]) -> None:
    names = [result.exercise.id + ("" if result.exercise.core else " (optional)") for result in results]
    headings = {result.exercise.notebook: place - 1 for place, result in reversed([*zip(places, results, strict=True)])}
    ax.set_yticks([*places, *headings.values()], [*names, *headings])
    for label in ax.get_yticklabels()[len(names) :]:
        label.set_fontweight("bold")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(places) + 0.6, -0.6)


@use_style
def draw_times(rows: Sequence[Times]) -> Markup:
    """Draw the median seconds of each notebook, on the processor and by the clock."""
    (ax,) = make_axes(height_in=1.3 + 2 * _ROW_IN * len(rows))
    places = np.arange(len(rows))
    kinds = (
        (-0.2, "processor time (CPU-s)", "median_cpu_s", "blue"),
        (0.2, "by the clock (s)", "median_wall_s", "orange"),
    )
    for shift, label, field, colour in kinds:
        values = [getattr(row, field) for row in rows]
        bars = ax.barh(places + shift, values, height=0.38, color=COLOURS[colour], label=label)
        ax.bar_label(bars, [f"{value:.3g}" for value in values], padding=4)
    ax.set_yticks(places, [row.name for row in rows])
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.set_xlabel("median time of a notebook (s)")
    ax.margins(x=0.1)
    ax.figure.legend(loc="outside upper center", ncols=2)
    slowest = max(rows, key=lambda row: row.median_wall_s)
    return embed(
        ax,
        f"Bars of the median time that each of {len(rows)} notebooks took. The slowest is {slowest.name}: "
        f"{slowest.median_wall_s:.3g} s by the clock, {slowest.median_cpu_s:.3g} s on the processor.",
    )
