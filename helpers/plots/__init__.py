"""Figures in one style: strips of pictures, bars, histograms; each shown with a text that describes it."""

from helpers.plots.charts import plot_bars, plot_histogram, plot_top_k
from helpers.plots.pictures import plot_images
from helpers.plots.style import COLOURS, make_axes, show

__all__ = ["COLOURS", "make_axes", "plot_bars", "plot_histogram", "plot_images", "plot_top_k", "show"]
