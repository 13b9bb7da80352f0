"""Named points: all of them drawn and named, inside the plot."""

import pytest

from helpers import plots

POINTS = {"small": (20.0, 75.1), "large": (60.5, 77.6)}


def test_every_point_is_drawn_and_named():
    ax = plots.plot_points(POINTS, xlabel="latency (ms)", ylabel="accuracy (%)", title="Two models")
    assert ax.collections[0].get_offsets().tolist() == [[20.0, 75.1], [60.5, 77.6]]
    assert [text.get_text() for text in ax.texts] == ["small", "large"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("latency (ms)", "accuracy (%)", "Two models")


def test_names_lie_inside_the_figure():
    ax = plots.plot_points({"efficientnet_lite0": (1, 1), "efficientnet_lite1": (1, 2)}, xlabel="x", ylabel="y")
    ax.figure.draw_without_rendering()
    frame = ax.figure.bbox
    assert all(frame.x0 <= text.get_window_extent().x0 <= frame.x1 for text in ax.texts)


def test_one_point_is_enough_and_none_is_an_error():
    plots.plot_points({"only": (3, 4)}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match="no points"):
        plots.plot_points({}, xlabel="x", ylabel="y")
