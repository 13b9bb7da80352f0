"""Checks of notebook 01: width, height and mode of a photo file."""

from collections.abc import Callable, Sequence

from PIL import Image

from helpers.checks.guard import make_scratch_folder
from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer

FORMAT_OF_MODE = {"CMYK": "jpg", "P": "gif"}  # every other mode is stored as PNG


def check_describe_photo(describe_photo: Callable, *, photos: Sequence[tuple[int, int, str]]) -> None:
    """Check `describe_photo(path) -> (width, height, mode)` on files made with these widths, heights and modes."""
    with (
        checking("describe_photo", "width, height and mode as the file holds them") as check,
        make_scratch_folder() as folder,
    ):
        for number, (width, height, mode) in enumerate(photos):
            path = folder / f"photo_{number}.{FORMAT_OF_MODE.get(mode, 'png')}"
            Image.new(mode, (width, height)).save(path)
            with check.probe(f"a photo {width} wide and {height} high, mode {mode}"):
                _compare_description(check, check.call(describe_photo, path), (width, height, mode))


def _compare_description(check: Check, value: object, expected: tuple[int, int, str]) -> None:
    if not isinstance(value, tuple | list) or len(value) != 3:
        check.stop("wrong_type", got=value, expected="three things: (width, height, mode)")
    width, height, mode = value
    size, right_size = (as_integer(width), as_integer(height)), expected[:2]
    if size == right_size[::-1] != right_size:
        check.fail("size_swapped", got=value, expected=expected)
    elif size != right_size:
        check.fail("wrong_values", got=value, expected=expected)
    if mode != expected[2]:
        check.fail("mode_after_convert" if mode == "RGB" else "wrong_values", got=value, expected=expected)
