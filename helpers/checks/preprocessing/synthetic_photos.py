"""Photos made for checks of preprocessing: plain colours, noise, and one picture stored in several modes."""

import numpy as np
from PIL import Image

NOISE_RANGE = (64, 192)  # grey levels: a sharpening filter does not run into black or white, whatever the style
COLOURS_IN_MODE_PHOTO = 8


def make_plain_photo(colour: tuple[int, int, int], *, side: int) -> Image.Image:
    """Make a square photo of `side` pixels in one colour (red, green, blue from 0 to 255)."""
    return Image.new("RGB", (side, side), colour)


def make_noise_photo(width: int, height: int, *, seed: int) -> Image.Image:
    """Make a grey photo of mode RGB in which every pixel differs from its neighbours.

    Noise shows what smooth pictures hide: another filter, another scaling, axes that were mixed up.
    """
    levels = np.random.default_rng(seed).integers(*NOISE_RANGE, size=(height, width, 1), dtype=np.uint8)
    return Image.fromarray(np.repeat(levels, 3, axis=2))


def make_mode_pair(mode: str, *, side: int, seed: int) -> tuple[Image.Image, Image.Image]:
    """Make one picture twice: stored in `mode` ("RGB", "L", "LA", "RGBA", "P" or "CMYK"), and as RGB.

    Nothing is transparent, and the picture is random, made of eight colours (for "L" and "LA": of greys).
    """
    random = np.random.default_rng(seed)
    indices = random.integers(COLOURS_IN_MODE_PHOTO, size=(side, side), dtype=np.uint8)
    palette = random.integers(256, size=(COLOURS_IN_MODE_PHOTO, 3), dtype=np.uint8)
    if mode in ("L", "LA"):
        palette[:] = palette[:, :1]
    twin = Image.fromarray(palette[indices])
    if mode == "P":
        photo = Image.frombytes("P", (side, side), indices.tobytes())
        photo.putpalette(palette.tobytes())
        return photo, twin
    return _store_as(twin, mode), twin


def _store_as(twin: Image.Image, mode: str) -> Image.Image:
    opaque, no_black = Image.new("L", twin.size, 255), Image.new("L", twin.size, 0)
    if mode == "RGB":
        return twin.copy()
    if mode == "L":
        return twin.getchannel("R")
    if mode == "LA":
        return Image.merge("LA", (twin.getchannel("R"), opaque))
    if mode == "RGBA":
        return Image.merge("RGBA", (*twin.split(), opaque))
    if mode == "CMYK":
        inks = (channel.point(lambda level: 255 - level) for channel in twin.split())
        return Image.merge("CMYK", (*inks, no_black))
    raise ValueError(f"There is no photo of mode {mode!r} here.")
