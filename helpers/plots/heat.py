"""A map of values, laid over the picture that they belong to."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from helpers.plots.style import make_axes, use_style

_BAR = 0.046  # of the plot's width, for the bar: it is as high as a square picture then
_COVER = 0.55  # opacity of the map: the picture must be seen below


@use_style
def plot_heat(picture: Sequence, values: Sequence, *, label: str, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw a picture in grey, the `values` over it in colour, and a bar that says which colour is which value.

    Both are arrays or tensors of shape [H, W]. The picture may have any scale: its darkest value becomes black, its
    brightest white. `label` names quantity and unit.

    Raises ValueError for other shapes, and for values that are not finite.
    """
    grey, heat = np.asarray(picture, dtype=float), np.asarray(values, dtype=float)
    if grey.ndim != 2 or grey.shape != heat.shape:
        raise ValueError(
            f"The picture has the shape {list(grey.shape)}, the map {list(heat.shape)}: both must be [height, width]."
        )
    if not (np.isfinite(grey).all() and np.isfinite(heat).all()):
        raise ValueError("Some values are not numbers (nan) or infinite, and have no colour.")
    ax = ax or make_axes(height_in=4.2)[0]
    ax.imshow(grey, cmap="gray")
    colours: ScalarMappable = ax.imshow(heat, cmap="viridis", alpha=_COVER)
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)
    bar = ax.get_figure().colorbar(colours, ax=ax, label=label, fraction=_BAR)  # type: ignore[union-attr]  # axes have a figure
    bar.outline.set_visible(False)
    return ax
