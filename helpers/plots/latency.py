"""Latencies: call after call, and against the batch size."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from helpers.plots.style import COLOURS, make_axes, use_style

# Marks and dashes besides the colours, so that lines differ in grey print too.
_LINES = (("blue", "o", "-"), ("orange", "s", "--"), ("green", "^", "-."), ("purple", "D", ":"))
_FACTORS = (1, 1.5, 2, 3, 5, 7)  # of a power of ten: the ticks of a logarithmic axis
_BINS = 25


@use_style
def plot_calls(latencies_ms: Sequence[float], *, axes: Sequence[Axes] | None = None) -> tuple[Axes, Axes]:
    """Draw each call's latency in order (left), and how many calls took how long (right).

    Lines show the median and the 95th percentile. `axes` are two plots; by default a new figure.
    """
    values = np.asarray(latencies_ms, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"There must be a list of latencies to draw, and its shape is {list(values.shape)}.")
    left, right = axes or make_axes(2, height_in=3.8)
    left.scatter(np.arange(1, values.size + 1), values, s=18, color=COLOURS["blue"], label="one call")
    edges = np.linspace(0, values.max() * 1.05 or 1, _BINS + 1)
    right.hist(values, bins=edges.tolist(), orientation="horizontal", color=COLOURS["sky"])
    for name, percent, dashes in (("median", 50, "-"), ("p95", 95, "--")):
        height = np.percentile(values, percent)
        for ax in (left, right):
            ax.axhline(height, color=COLOURS["black"], linestyle=dashes, label=f"{name}: {_format(height)} ms")
    left.set(xlabel="call", ylabel="latency (ms)")
    right.set(xlabel="number of calls")
    for ax in (left, right):
        ax.set_ylim(0, edges[-1])
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.grid(axis="y")
    left.figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return left, right


@use_style
def plot_against_batch(
    batch_sizes: Sequence[int],
    values_by_name: Mapping[str, Sequence[float]],
    *,
    ylabel: str,
    bands: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    limit: tuple[str, float] | None = None,
    log: bool = False,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw one line for each name over the batch sizes, which stand on a log2 axis with their own numbers.

    `bands[name]` are a low and a high value for each batch size (such as the quartiles), drawn as a shade.
    `limit` is a name and a height, drawn as a dashed line. With `log` the vertical axis is logarithmic.
    """
    ax = ax or make_axes()[0]
    lines = list(values_by_name.items())
    if len(lines) > len(_LINES) or any(len(values) != len(batch_sizes) for _, values in lines):
        raise ValueError(f"Give one value for each of the {len(batch_sizes)} batch sizes, in 4 lines at most.")
    for (name, values), (colour, mark, dashes) in zip(lines, _LINES, strict=False):
        ax.plot(batch_sizes, values, marker=mark, linestyle=dashes, color=COLOURS[colour], linewidth=2, label=name)
        if bands and name in bands:
            ax.fill_between(batch_sizes, *bands[name], color=COLOURS[colour], alpha=0.25, linewidth=0)
    if limit:
        ax.axhline(limit[1], color=COLOURS["black"], linestyle="--", label=f"{limit[0]}: {_format(limit[1])}")
    ax.set_xscale("log", base=2)
    ax.xaxis.set(major_locator=FixedLocator(list(batch_sizes)), minor_locator=NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, place: f"{value:.0f}"))
    ax.set(xlabel="batch size (photos in one call)", ylabel=ylabel, title=title)
    _style_height(ax, log=log)
    if len(lines) > 1 or limit:
        ax.legend(loc="lower right" if limit else "best")
    return ax


def _style_height(ax: Axes, *, log: bool) -> None:
    ax.grid()
    if not log:
        ax.set_ylim(0, ax.get_ylim()[1] * 1.05)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, place: _format(value)))
        return
    ax.set_yscale("log")
    ax.yaxis.set(major_locator=LogLocator(subs=_FACTORS, numticks=12), minor_formatter=NullFormatter())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, place: _format(value)))


def _format(value: float) -> str:
    """Write a number for readers, three digits at most before the thousands: 0.0123, 41.7, 2,730."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
