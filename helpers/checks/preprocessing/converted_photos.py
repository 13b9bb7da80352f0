"""Call an answer with a photo file that is opened beside it, compare the picture that comes, and name the cause."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from helpers.checks.preprocessing.stored_photos import Colour, StoredPhoto
from helpers.checks.report import Check

TOLERANCE = 2  # grey levels: ways to round
NO_RENAMING: Mapping[str, str] = {}


def call_with_photo(answer: Callable, *, data: bytes, background: Colour) -> dict[str, Any]:
    """Observer: open a photo file and call the answer with the photo; tell what came, and whether the photo changed."""
    given, before = _open(data), _open(data)
    value = answer(given, background=background)
    return {"value": value, "changed": _list_facts(given) != _list_facts(before)}


def _open(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def _list_facts(image: Image.Image) -> tuple:
    return image.mode, image.size, image.tobytes(), image.getexif().get(ExifTags.Base.Orientation)


def read_picture(
    check: Check, make_rgb: Callable, photo: StoredPhoto, background: Colour, *, spares_photo: bool = False
) -> np.ndarray:
    """Return the picture that came, which must be a Pillow image of mode RGB; otherwise stop with the cause."""
    told = check.ask_or("raised_error", call_with_photo, make_rgb, data=photo.data, background=background)
    if spares_photo and told["changed"]:
        check.fail("photo_changed", got="a photo that was changed", expected="the photo as it was")
    value = told["value"]
    if not isinstance(value, Image.Image):
        check.stop("wrong_type", got=value, expected="a Pillow image of mode RGB")
    if value.mode != "RGB":
        check.stop("mode_not_rgb", got=f"a photo of mode {value.mode}", expected="a photo of mode RGB")
    return np.array(value)


def compare_picture(
    check: Check, picture: np.ndarray, photo: StoredPhoto, *, renamed: Mapping[str, str] = NO_RENAMING
) -> None:
    """Compare the picture that came with the right one; `renamed` has other names for causes of which more is known."""
    if _is_close(picture, photo.right):
        return
    fitting = (cause for cause, wrong in photo.wrong.items() if any(_is_close(picture, other) for other in wrong))
    cause = next(fitting, "wrong_values" if picture.shape == photo.right.shape else "photo_cut_off")
    check.fail(renamed.get(cause, cause), got=_describe(picture, photo.right), expected=_describe(photo.right, picture))


def _is_close(picture: np.ndarray, other: np.ndarray) -> bool:
    return picture.shape == other.shape and bool((abs(picture.astype(int) - other) <= TOLERANCE).all())


def _describe(picture: np.ndarray, other: np.ndarray) -> str:
    """Describe a picture by its size, and by the pixel in which it differs most from the other one."""
    height, width, _ = picture.shape
    size = f"{width} pixels wide and {height} high"
    if picture.shape != other.shape:
        return size
    y, x = divmod(int(abs(picture.astype(int) - other).sum(axis=2).argmax()), width)
    return f"{size}, in column {x} of row {y} the colour {tuple(picture[y, x].tolist())}"
