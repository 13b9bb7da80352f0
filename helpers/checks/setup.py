"""Checks of notebook 01: photos on disk, and a labels file."""

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


def check_read_labels(read_labels: Callable, *, labels: Sequence[str], blank_lines_at_end: int = 0) -> None:
    """Check `read_labels(path) -> list of labels` on a UTF-8 file made of these labels, one a line."""
    behaviour = "one label a line, in the order of the file"
    with checking("read_labels", behaviour) as check, make_scratch_folder() as folder:
        path = folder / "labels.txt"
        text = "\n".join(labels) + "\n" * (1 + blank_lines_at_end)
        path.write_text(text, encoding="utf-8", newline="\n")
        with check.probe(f"a file of {len(labels)} labels"):
            value = check.call(read_labels, path)
            if not isinstance(value, list | tuple) or not all(isinstance(label, str) for label in value):
                check.stop("wrong_type", got=value, expected="a list of strings")
            if list(value) != list(labels):
                check.fail(_find_labels_cause(list(value), list(labels)), got=value, expected=list(labels))


def _find_labels_cause(value: list[str], labels: list[str]) -> str:
    wrong_by_cause = {
        "labels_blank_line_kept": [label for label in value if label.strip()] == labels,
        "newline_kept": [label.rstrip("\r\n") for label in value if label.strip()] == labels,
        "labels_sorted": value == sorted(labels),
        "labels_split_at_spaces": value == " ".join(labels).split(),
        "labels_off_by_one": value in (labels[1:], ["background", *labels], ["", *labels]),
        "labels_garbled": value == [label.encode().decode("latin-1") for label in labels],
        "labels_hard_coded": len(value) == 1000 != len(labels),
    }
    return next((cause for cause, is_so in wrong_by_cause.items() if is_so), "wrong_values")
