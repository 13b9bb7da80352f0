"""Checks of notebook 01: width, height and mode of a photo file."""

from collections.abc import Callable, Sequence

from PIL import Image

from helpers.checks.describe import describe
from helpers.checks.photo_files import save_photo
from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer
from helpers.line.folders import InFolder

FORMAT_OF_MODE = {"CMYK": "jpg", "P": "gif"}  # every other mode is stored as PNG
FORMATS = {"PNG", "JPEG", "GIF"}
GUESSED_MODES = {"L", "RGBA"}  # what people take one channel, or four, for

Description = tuple[int, int, str]


def check_describe_photo(describe_photo: Callable, *, photos: Sequence[Description]) -> None:
    """Check `describe_photo(path) -> (width, height, mode)` on files made with these widths, heights and modes."""
    with checking("describe_photo", "width, height and mode as the file holds them") as check:
        values = {}
        for number, (width, height, mode) in enumerate(photos):
            name = f"photo_{number}.{FORMAT_OF_MODE.get(mode, 'png')}"
            files = {name: save_photo(Image.new(mode, (width, height)), name)}
            with check.probe(_name(width, height, mode)):
                values[width, height, mode] = check.call_with_files(describe_photo, InFolder(name), files=files)
        all_same = len(values) > 1 and len({describe(value) for value in values.values()}) == 1
        for expected, value in values.items():
            with check.probe(_name(*expected)):
                _compare_description(check, value, expected, all_same=all_same)


def _name(width: int, height: int, mode: str) -> str:
    return f"a photo {width} wide and {height} high, mode {mode}"


def _compare_description(check: Check, value: object, expected: Description, *, all_same: bool) -> None:
    if not isinstance(value, tuple | list) or len(value) != 3:
        check.stop("wrong_type", got=value, expected="three things: (width, height, mode)")
    if all_same:
        check.stop("same_for_every_photo", got=value, expected=expected)
    width, height, mode = value
    size, right_size = (as_integer(width), as_integer(height)), expected[:2]
    if size == right_size[::-1] != right_size:
        check.fail("size_swapped", got=value, expected=expected)
    elif size != right_size:
        check.fail("wrong_values", got=value, expected=expected)
    if mode != expected[2]:
        check.fail(_find_mode_cause(mode, expected[2]), got=value, expected=expected)


def _find_mode_cause(mode: object, expected: str) -> str:
    if mode == "RGB":
        return "mode_after_convert"
    if not isinstance(mode, str):
        return "wrong_type"
    if mode in GUESSED_MODES and Image.getmodebands(mode) == Image.getmodebands(expected):
        return "mode_guessed"
    return "format_taken" if mode in FORMATS else "wrong_values"
