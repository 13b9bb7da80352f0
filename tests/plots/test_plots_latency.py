"""Figures of latencies: what they draw, and that wrong input gets one clear error."""

import numpy as np
import pytest
import torch

from helpers import plots

SIZES = [1, 4, 8, 16, 32]


def read_legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_calls_are_drawn_in_order_with_median_and_p95():
    latencies = [10] * 92 + [50] * 6 + [400] * 2
    left, right = plots.plot_calls(latencies)
    dots = left.collections[0].get_offsets()
    assert dots[:, 0].tolist() == list(range(1, 101))
    assert dots[:, 1].tolist() == latencies
    assert [line.get_ydata()[0] for line in left.lines] == [10, 50]
    assert sum(bar.get_width() for bar in right.patches) == 100
    assert left.get_ylim() == right.get_ylim()
    assert [text.get_text() for text in left.figure.legends[0].get_texts()] == [
        "one call",
        "median: 10 ms",
        "p95: 50 ms",
    ]
    assert left.get_ylabel() == "latency (ms)"


def test_calls_into_given_axes_and_from_a_tensor():
    axes = plots.make_axes(2)
    assert plots.plot_calls(torch.tensor([1.0, 2.0]), axes=axes) == axes
    left, _ = plots.plot_calls([3.0])
    assert left.get_ylim()[0] == 0


@pytest.mark.parametrize("latencies", [[], 3.0, [[1.0], [2.0]]])
def test_calls_need_a_list(latencies):
    with pytest.raises(ValueError, match="list of latencies"):
        plots.plot_calls(latencies)


def test_batch_sizes_stand_on_a_log2_axis_with_their_own_numbers():
    ax = plots.plot_against_batch(SIZES, {"ResNet50": [40, 130, 250, 490, 960]}, ylabel="ms")
    ax.figure.canvas.draw()
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "4", "8", "16", "32"]
    assert (ax.get_ylabel(), ax.get_ylim()[0]) == ("ms", 0)
    assert ax.get_legend() is None


def test_lines_bands_and_a_limit():
    lines = {"one": np.array([1, 2, 3, 4, 5]), "two": torch.arange(5)}
    bands = {"one": ([0, 1, 2, 3, 4], [2, 3, 4, 5, 6])}
    ax = plots.plot_against_batch(SIZES, lines, ylabel="GFLOP/s", bands=bands, limit=("the roof", 1234.5))
    assert read_legend(ax) == ["one", "two", "the roof: 1,234"]
    assert len(ax.collections) == 1
    assert len({line.get_color() for line in ax.lines}) == 3
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_a_logarithmic_height_has_readable_numbers():
    ax = plots.plot_against_batch(SIZES, {"one": [46, 134, 254, 491, 1970]}, ylabel="ms", log=True)
    shown = ax.yaxis.get_major_formatter().format_ticks(ax.get_yticks())
    assert {"50", "100", "1,000"} <= set(shown)


@pytest.mark.parametrize("lines", [{"one": [1, 2]}, {str(number): SIZES for number in range(5)}])
def test_wrong_number_of_values_or_lines(lines):
    with pytest.raises(ValueError, match="one value for each of the 5 batch sizes"):
        plots.plot_against_batch(SIZES, lines, ylabel="ms")
