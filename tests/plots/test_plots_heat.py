"""Maps over a picture: both are drawn, with a bar that names the values."""

import numpy as np
import pytest
import torch

from helpers import plots

LABEL = "probability lost (points)"


def test_the_map_lies_over_the_picture_and_the_bar_says_what_it_is():
    picture, losses = torch.linspace(-2, 2, 12).reshape(3, 4), torch.arange(12.0).reshape(3, 4)
    ax = plots.plot_heat(picture, losses, label=LABEL, title="camera")
    below, above = ax.images
    assert np.array_equal(below.get_array(), picture) and np.array_equal(above.get_array(), losses)
    assert below.get_alpha() is None and 0 < above.get_alpha() < 1
    assert ax.get_title() == "camera"
    assert above.colorbar.ax.get_ylabel() == LABEL


def test_several_maps_share_a_figure():
    axes = plots.make_axes(2)
    for ax in axes:
        assert plots.plot_heat(np.zeros((2, 2)), np.ones((2, 2)), label=LABEL, ax=ax) is ax
    assert axes[0].figure is axes[1].figure


@pytest.mark.parametrize(
    ("picture", "values", "message"),
    [
        (np.zeros((2, 2)), np.zeros((2, 3)), r"\[2, 2\].*\[2, 3\]"),
        (np.zeros((3, 2, 2)), np.zeros((3, 2, 2)), "both must be"),
        (np.zeros((2, 2)), np.full((2, 2), np.nan), "nan"),
    ],
)
def test_what_cannot_be_drawn_is_refused(picture, values, message):
    with pytest.raises(ValueError, match=message):
        plots.plot_heat(picture, values, label=LABEL)
