"""Bars and histograms."""

from collections.abc import Collection, Mapping, Sequence
from numbers import Integral

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.plots.style import COLOURS, make_axes, use_style

MAX_BARS = 20  # more cannot be read
_ROW_IN = 0.42  # inches for one bar
_CHANNELS = {"red": "red", "green": "green", "blue": "blue"}  # a channel's own colour, where it has one
_LINES = ("-", "--", "-.", ":")  # besides the colours, so that lines differ in grey print too


@use_style
def plot_top_k(
    labels: Sequence[str],
    probabilities: Sequence[float],
    *,
    ax: Axes | None = None,
    title: str = "",
    right: Collection[str] | None = None,
) -> Axes:
    """Draw one bar for each label, the most probable on top.

    `probabilities` are numbers from 0 to 1 (a list or a tensor of shape [k]). If `right` is given, labels in it
    are ticked and drawn in blue, the others in grey.
    """
    shares = np.asarray(probabilities, dtype=float)
    if shares.shape != (len(labels),):
        raise ValueError(f"There are {len(labels)} labels and probabilities of shape {list(shares.shape)}.")
    if shares.size and not (shares.min() >= 0 and shares.max() <= 1 + 1e-6):
        raise ValueError(
            f"Probabilities lie between 0 and 1, and these run from {shares.min():.3g} to {shares.max():.3g}: "
            "was softmax left out?"
        )
    order = np.argsort(-shares, kind="stable")
    names = [labels[index] for index in order]
    ticked = [name for name in names if name in (right or ())]
    colours = [COLOURS["blue"] if right is None or name in ticked else COLOURS["grey"] for name in names]
    texts = [f"✓ {name}" if name in ticked else name for name in names]
    ax = _draw_bars(ax, texts, shares[order] * 100, [f"{share:.1%}" for share in shares[order]], colours)
    ax.set(xlim=(0, 115), xticks=range(0, 101, 20), title=title)
    verdict = "" if right is None else ", ✓ = right" if ticked else ", none of these is right"
    ax.set_xlabel(f"probability (%){verdict}")
    return ax


@use_style
def plot_bars(
    counts: Mapping[str, float], *, xlabel: str, ax: Axes | None = None, title: str = "", sort: bool = True
) -> Axes:
    """Draw one bar for each name in `counts`, the largest on top (with `sort=False`: in the order given).

    The values are 0 or more. `xlabel` says what is counted, or names the quantity and its unit: "layers",
    "size (MB)".
    """
    items = sorted(counts.items(), key=lambda item: -item[1]) if sort else list(counts.items())
    values = [value for _, value in items]
    if not all(0 <= value < float("inf") for value in values):
        raise ValueError("A bar can only show a number from 0 up, and one of these is negative or not a number.")
    ax = _draw_bars(ax, [name for name, _ in items], values, [_format(value) for value in values], COLOURS["blue"])
    ax.set(xlim=(0, max(values) * 1.15 or 1), xlabel=xlabel, title=title)
    whole = all(isinstance(value, Integral) for value in values)
    few = 2 if max(values) >= 1e5 else 5  # long numbers need room
    ax.xaxis.set_major_locator(MaxNLocator(few, steps=[1, 2, 5, 10], integer=whole))
    ax.xaxis.set_major_formatter(lambda value, place: _format(value))
    return ax


def _format(value: float | Integral) -> str:
    """Write a number for readers: 25,557,032 and 0.0123, never 2.6e7."""
    return f"{value:,.0f}" if isinstance(value, Integral) or abs(value) >= 1000 else f"{value:.3g}"


def _draw_bars(ax: Axes | None, names, values, texts, colours) -> Axes:
    if not 1 <= len(names) <= MAX_BARS:
        raise ValueError(f"There are {len(names)} bars to draw, and the plot has room for 1 to {MAX_BARS}.")
    ax = ax or make_axes(height_in=1.1 + _ROW_IN * len(names))[0]
    places = range(len(names))  # not the names: two equal ones would share a bar
    bars = ax.barh(places, values, height=0.7, color=colours)
    ax.bar_label(bars, texts, padding=4)
    ax.set_yticks(places, names)
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    return ax


@use_style
def plot_histogram(
    values_by_name: Mapping[str, Sequence[float]],
    *,
    xlabel: str,
    ax: Axes | None = None,
    title: str = "",
    bins: int = 40,
) -> Axes:
    """Draw how often each value occurs, one line for each name ("red", "green", "blue" in their colours).

    A group of values is an array or tensor of any shape. The legend gives its mean and standard deviation.
    """
    groups = {name: np.asarray(values, dtype=float).ravel() for name, values in values_by_name.items()}
    if not groups or any(values.size == 0 for values in groups.values()):
        raise ValueError("There are no values to draw: a group is empty.")
    everything = np.concatenate(list(groups.values()))
    edges = np.histogram_bin_edges(everything, bins=bins)
    middles = (edges[:-1] + edges[1:]) / 2
    ax = ax or make_axes()[0]
    spare = iter(name for name in COLOURS if name not in groups)
    for line, (name, values) in zip(_LINES * len(groups), groups.items(), strict=False):
        shares = np.histogram(values, bins=edges)[0] / values.size * 100
        text = f"{name}: mean {values.mean():.2f}, std {values.std():.2f}"
        colour = COLOURS[_CHANNELS.get(name) or next(spare)]
        ax.plot(middles, shares, label=text, color=colour, linestyle=line, linewidth=2)
    ax.set(xlabel=xlabel, ylabel="share of values (%)", title=title, ylim=(0, None))
    ax.grid()
    ax.legend()
    return ax
