"""Named points: one quantity against another."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from helpers.plots.style import COLOURS, make_axes, use_style

_MARGIN = 0.25  # of the range, on each side: room for the names


@use_style
def plot_points(
    points: Mapping[str, tuple[float, float]], *, xlabel: str, ylabel: str, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw one point (x, y) for each name, with the name beside it; the labels name quantity and unit."""
    if not points:
        raise ValueError("There are no points to draw.")
    ax = ax or make_axes(height_in=4.2)[0]
    xs, ys = zip(*points.values(), strict=True)
    ax.scatter(xs, ys, s=90, color=COLOURS["blue"], zorder=3)
    middle = (min(xs) + max(xs)) / 2
    for name, (x, y) in points.items():
        left = x > middle  # names of points on the right stand to their left, inside the plot
        place: dict[str, Any] = {"xytext": (-10, -4) if left else (10, -4), "ha": "right" if left else "left"}
        ax.annotate(name, (x, y), textcoords="offset points", **place)
    ax.margins(_MARGIN)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.grid()
    return ax
