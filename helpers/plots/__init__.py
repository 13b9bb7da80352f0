"""Figures in one style: strips of pictures, bars, histograms, latencies; each shown with a text that describes it."""

from helpers.plots.charts import plot_bars, plot_histogram, plot_top_k
from helpers.plots.devices import Curve, plot_throughput, plot_timelines
from helpers.plots.heat import plot_heat
from helpers.plots.latency import plot_against_batch, plot_calls
from helpers.plots.pictures import plot_images
from helpers.plots.points import plot_points
from helpers.plots.style import COLOURS, make_axes, show

__all__ = [
    "COLOURS",
    "Curve",
    "make_axes",
    "plot_against_batch",
    "plot_bars",
    "plot_calls",
    "plot_heat",
    "plot_histogram",
    "plot_images",
    "plot_points",
    "plot_throughput",
    "plot_timelines",
    "plot_top_k",
    "show",
]
