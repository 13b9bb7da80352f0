"""Devices in pictures: who is busy when, and throughput against batch size. Simulated and measured never share one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from helpers.plots.latency import plot_against_batch
from helpers.plots.style import COLOURS, make_axes, use_style

if TYPE_CHECKING:  # the simulator imports torch, which the grader's own process does without
    from helpers.simulator import SimulatedSpan

_LANES = {"host": 1.0, "device": 0.0}  # where on the vertical axis
_LOOKS = {  # colour, hatching, words of the legend
    "launch": (COLOURS["orange"], "", "launch (host puts work into the queue)"),
    "wait": ("white", "////", "host waits (synchronize)"),
    "copy": (COLOURS["green"], "", "copy"),
    "compute": (COLOURS["blue"], "", "compute"),
}
_WIDE_RANGE = 5  # from this factor on, a logarithmic axis shows more
_THINNEST = 0.004  # of the width: a launch is too short to be seen otherwise


@dataclass(frozen=True)
class Curve:
    """What a device needs: `batch_ms` maps a batch size to the milliseconds of one batch of that size."""

    name: str
    batch_ms: Mapping[int, float]
    simulated: bool


@use_style
def plot_timelines(timelines: "Mapping[str, Sequence[SimulatedSpan]]") -> tuple[Axes, ...]:
    """Draw for each title one panel: what host and device did, and when the clock was read, in simulated time."""
    if not timelines or not all(timelines.values()):
        raise ValueError("There is nothing to draw: a timeline is empty.")
    starts = {title: min(span.start_ms for span in spans) for title, spans in timelines.items()}
    longest = max(max(span.end_ms for span in spans) - starts[title] for title, spans in timelines.items()) or 1.0
    axes = make_axes(rows=len(timelines), height_in=[1.9] * (len(timelines) - 1) + [2.5])
    for ax, (title, spans) in zip(axes, timelines.items(), strict=True):
        _draw_timeline(ax, spans, start_ms=starts[title], longest_ms=longest)
        ax.set_title(f"{title} (simulated)")
    axes[-1].set_xlabel("simulated time (ms)")
    used = [what for what in _LOOKS if any(span.what == what for spans in timelines.values() for span in spans)]
    handles = [Patch(facecolor=_LOOKS[what][0], hatch=_LOOKS[what][1], edgecolor="black") for what in used]
    axes[-1].figure.legend(handles, [_LOOKS[what][2] for what in used], loc="outside lower center", ncols=len(used))
    return axes


def _draw_timeline(ax: Axes, spans: "Sequence[SimulatedSpan]", *, start_ms: float, longest_ms: float) -> None:
    for span in spans:
        if span.what in _LOOKS:
            colour, hatch, _ = _LOOKS[span.what]
            width = max(span.end_ms - span.start_ms, _THINNEST * longest_ms)
            looks: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "black", "linewidth": 0.6}
            ax.barh(_LANES[span.lane], width, 0.6, left=span.start_ms - start_ms, **looks)
    _draw_clock_readings(ax, [span.start_ms - start_ms for span in spans if span.what == "clock"])
    ax.set(yticks=list(_LANES.values()), yticklabels=list(_LANES), ylim=(-0.5, 2.3))
    ax.set_xlim(-0.03 * longest_ms, 1.1 * longest_ms)
    ax.tick_params(axis="y", length=0)


def _draw_clock_readings(ax: Axes, moments_ms: Sequence[float]) -> None:
    for moment in moments_ms:
        ax.axvline(moment, color=COLOURS["red"], linestyle="--", linewidth=1.5)
    if len(moments_ms) == 2:
        text = f"  two readings, {moments_ms[-1] - moments_ms[0]:.2f} ms apart"
        ax.annotate(text, (moments_ms[0], 1.75), color=COLOURS["red"], va="center", weight="bold")


def plot_throughput(curves: Sequence[Curve], *, ax: Axes | None = None, title: str) -> Axes:
    """Draw photos a second against batch size, one line for each curve, all over the same batch sizes.

    Raises ValueError when simulated curves and measured ones are to share the picture.
    """
    kinds = {curve.simulated for curve in curves}
    if len(kinds) > 1:
        raise ValueError("Some of these curves are simulated and some are measured: draw them in two figures.")
    if not kinds or not all(curve.batch_ms for curve in curves):
        raise ValueError("There is nothing to draw: no curves, or one without points.")
    sizes = sorted(curves[0].batch_ms)
    if any(sorted(curve.batch_ms) != sizes for curve in curves):
        raise ValueError("The curves have different batch sizes: measure all of them at the same ones.")
    rates = {curve.name: [1000 * size / curve.batch_ms[size] for size in sizes] for curve in curves}
    kind = "simulated" if kinds.pop() else "measured on this computer"
    everything = [rate for line in rates.values() for rate in line]
    log = max(everything) > _WIDE_RANGE * min(everything)
    ax = plot_against_batch(sizes, rates, ylabel="photos a second", log=log, ax=ax, title=f"{title} ({kind})")
    if not log:
        ax.set_ylim(0, 1.15 * max(everything))
    return ax
