"""Turn an image of any mode into RGB with 8 bits a channel."""

import numpy as np
from PIL import Image

WHITE_LEVELS = (1.0, 255.0, 65535.0)  # float, 8-bit and 16-bit images: the value that means white


def to_rgb(image: Image.Image) -> Image.Image:
    """Give a loaded image as RGB: scaled to 8 bits, transparent parts over white."""
    if image.mode.startswith("I;16"):
        return _scale_grey(image, black=0.0, white=65535.0)
    if image.mode in ("I", "F"):
        return _scale_grey(image, *_find_range(np.asarray(image)))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    return image.convert("RGB")


def _scale_grey(image: Image.Image, black: float, white: float) -> Image.Image:
    """Scale grey values so that `black` becomes 0 and `white` 255."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), nan=black, posinf=white, neginf=black)
    shares = (values - black) / (white - black)
    return Image.fromarray((shares.clip(0, 1) * 255).round().astype(np.uint8)).convert("RGB")


def _find_range(values: np.ndarray) -> tuple[float, float]:
    """Find the values of black and white, which 32-bit images do not state.

    White is the smallest of WHITE_LEVELS that holds every value (1.0 for floats only). If none does, or some
    values are negative, the lowest value becomes black and the highest white.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.0, 1.0
    lowest, highest = float(finite.min()), float(finite.max())
    levels = WHITE_LEVELS if values.dtype.kind == "f" else WHITE_LEVELS[1:]
    fitting = [level for level in levels if highest <= level]
    if lowest >= 0 and fitting:
        return 0.0, fitting[0]
    return lowest, max(highest, lowest + 1)
