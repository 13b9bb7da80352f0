"""Strips of pictures, with their sizes in pixels."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from PIL import Image

from helpers.plots.style import WIDTH_IN, make_axes, use_style

_TOLERANCE = 1e-3  # how far above 1 or below 0 counts as a rounding error
_LETTERS_AN_INCH = 9  # of a title, about
_TALLEST_IN = 3.8  # inches: no picture is drawn taller


@use_style
def plot_images(
    images: Sequence,
    *,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    same_scale: bool = False,
) -> tuple[Axes, ...]:
    """Draw pictures side by side, each with its title above and its size in pixels below.

    A picture is a PIL image, or an array or tensor of shape [H, W, 3] (colour) or [H, W] (grey) with values
    from 0 to 1, or whole numbers from 0 to 255. `columns` is at most 4 unless given. With `same_scale`, a pixel
    is as large in one picture as in the other.

    Raises ValueError, with the usual cause, for other shapes and values.
    """
    pictures = [_to_picture(image) for image in images]
    if not pictures:
        raise ValueError("There are no pictures to draw: the list is empty.")
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(f"There are {len(pictures)} pictures and {len(titles)} titles: give one title for each.")
    columns = columns or min(len(pictures), 4)
    titles = [textwrap.fill(title, int(_LETTERS_AN_INCH * WIDTH_IN / columns)) for title in titles or ()]
    frame = tuple(max(picture.shape[side] for picture in pictures) for side in (0, 1)) if same_scale else None
    starts = range(0, len(pictures), columns)
    heights = [_measure_row(pictures[at : at + columns], titles[at : at + columns], columns, frame) for at in starts]
    axes = make_axes(columns, rows=len(heights), height_in=heights)
    for ax, picture in zip(axes, pictures, strict=False):
        _draw(ax, picture, frame)
    for ax, title in zip(axes, titles, strict=False):
        ax.set_title(title)
    for ax in axes[len(pictures) :]:
        ax.set_axis_off()
    return axes[: len(pictures)]


def _measure_row(pictures: list, titles: list[str], columns: int, frame: tuple[int, int] | None) -> float:
    """Measure how high a row must be, in inches, for its tallest picture and its texts."""
    shapes = [frame] if frame else [picture.shape for picture in pictures]
    tallest = max(shape[0] / shape[1] for shape in shapes) * WIDTH_IN / columns
    lines = max((title.count("\n") + 1 for title in titles), default=0)
    return min(tallest, _TALLEST_IN) + 0.4 + 0.3 * lines


def _draw(ax: Axes, picture: np.ndarray, frame: tuple[int, int] | None) -> None:
    height, width = picture.shape[:2]
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], xlabel=f"{width} × {height} px", anchor="N")
    ax.spines[:].set_visible(False)
    if frame:
        down, across = (frame[0] - height) / 2, (frame[1] - width) / 2
        ax.set(xlim=(-0.5 - across, width - 0.5 + across), ylim=(height - 0.5 + down, -0.5 - down))


def _to_picture(image) -> np.ndarray:
    """Turn a picture of any accepted kind into floats from 0 to 1, [H, W, 3] or [H, W]."""
    if isinstance(image, Image.Image):
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
    values = np.asarray(image.detach().cpu() if hasattr(image, "detach") else image)
    if values.ndim == 3 and values.shape[0] == 3 and values.shape[2] != 3:
        raise ValueError(f"The shape is {_name(values)}, channels first: use tensor.permute(1, 2, 0) to draw it.")
    if values.ndim == 4:
        raise ValueError(f"The shape is {_name(values)}, a batch: draw its pictures, batch[0], batch[1], ...")
    if values.size == 0 or not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] == 3)):
        raise ValueError(f"The shape is {_name(values)}, and a picture is [height, width, 3] or [height, width].")
    return _to_unit_range(values)


def _to_unit_range(values: np.ndarray) -> np.ndarray:
    top = 255 if values.dtype.kind in "ui" else 1
    lowest, highest = float(values.min()), float(values.max())
    if not np.isfinite(values).all():
        raise ValueError("Some values are not numbers (nan) or infinite, and a picture's run from 0 to 1.")
    if lowest < -_TOLERANCE or highest > top + _TOLERANCE:
        cause = "are they still normalized?" if lowest < 0 else "should they be divided by 255?"
        raise ValueError(
            f"The values run from {lowest:.3g} to {highest:.3g}, and a picture's run from 0 to {top}: {cause}"
        )
    return np.divide(values, top, dtype=np.float32).clip(0, 1)


def _name(values: np.ndarray) -> str:
    return str(list(values.shape))
