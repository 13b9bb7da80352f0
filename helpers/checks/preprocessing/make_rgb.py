"""Checks of notebook 03: `make_rgb(image, *, background)`, a photo of any kind as it was meant to be seen."""

from collections.abc import Callable, Sequence

from helpers.checks.preprocessing.converted_photos import NO_RENAMING, compare_picture, read_picture
from helpers.checks.preprocessing.stored_photos import (
    Colour,
    store_deep,
    store_plain,
    store_transparent,
    store_turned,
)
from helpers.checks.report import Check, checking

EXERCISE = "make_rgb"
TURNED = (  # orientations and modes: first those that only turn, then those that mirror, then modes of other ways
    *((orientation, "RGB") for orientation in (1, 3, 6, 8, 2, 4, 5, 7)),
    *((3, "L"), (8, "RGBA"), (6, "I;16")),
)


def check_make_rgb(make_rgb: Callable, *, background: Colour, seed: int) -> None:
    """Check one photo of each kind: plain, turned, transparent and with 16 bits."""
    with checking(EXERCISE, "upright, on its background, with 8 bits") as check:
        photos = {
            "a photo stored as RGB": store_plain("RGB", seed=seed),
            "a photo with EXIF orientation 6": store_turned(6, mode="RGB", seed=seed),
            "a photo stored as RGBA": store_transparent("RGBA", background=background, seed=seed),
            "a grey photo with 16 bits": store_deep(darkest=0, brightest=65535, seed=seed),
        }
        for name, photo in photos.items():
            with check.probe(f"{name}, background={background}"):
                compare_picture(check, read_picture(check, make_rgb, photo, background), photo)


def check_make_rgb_upright(make_rgb: Callable, *, background: Colour, seed: int) -> None:
    """Check all eight orientations, and that none is lost in modes that take a way of their own; nothing else."""
    with checking(EXERCISE, "upright, whatever the EXIF orientation and the mode") as check:
        for orientation, mode in TURNED:
            photo, renamed = store_turned(orientation, mode=mode, seed=seed + orientation), NO_RENAMING
            if _was_told(check, "exif_ignored"):
                renamed = {"exif_mirrored": "exif_ignored"}
            elif mode != "RGB" and not check.failures:
                renamed = {"exif_ignored": "exif_lost"}
            with check.probe(f"a photo stored as {mode}, with EXIF orientation {orientation}"):
                compare_picture(check, read_picture(check, make_rgb, photo, background), photo, renamed=renamed)


def check_make_rgb_background(make_rgb: Callable, *, backgrounds: Sequence[Colour], seed: int) -> None:
    """Check photos with transparent parts, in the three modes that have them."""
    with checking(EXERCISE, "transparent parts show the background that was given") as check:
        for place, background in enumerate(backgrounds):
            for mode in ("RGBA", "LA", "P"):
                photo = store_transparent(mode, background=background, seed=seed + place)
                other = mode != "RGBA" and not _was_told(check, "hidden_colours_shown")
                renamed = {"hidden_colours_shown": "transparency_in_one_mode"} if other else NO_RENAMING
                with check.probe(f"a photo stored as {mode}, background={background}"):
                    compare_picture(check, read_picture(check, make_rgb, photo, background), photo, renamed=renamed)


def check_make_rgb_deep(make_rgb: Callable, *, ranges: Sequence[tuple[int, int]], seed: int) -> None:
    """Check grey photos with 16 bits, whose values reach from one number to the other."""
    with checking(EXERCISE, "16 bits a pixel become 8") as check:
        for darkest, brightest in ranges:
            photo = store_deep(darkest=darkest, brightest=brightest, seed=seed)
            with check.probe(f"a grey photo of mode I;16, values from {darkest} to {brightest}"):
                compare_picture(check, read_picture(check, make_rgb, photo, (0, 0, 0)), photo)


def check_make_rgb_input(make_rgb: Callable, *, background: Colour, seed: int) -> None:
    """Check photos of ordinary modes, and that the image that was given stays as it was."""
    with checking(EXERCISE, "ordinary photos come out right, and the image that was given stays as it was") as check:
        for mode in ("RGB", "L", "P", "CMYK"):
            with check.probe(f"an ordinary photo stored as {mode}"):
                photo = store_plain(mode, seed=seed)
                compare_picture(check, read_picture(check, make_rgb, photo, background, spares_photo=True), photo)
        photos = {
            "RGBA": store_transparent("RGBA", background=background, seed=seed),
            "RGB, with EXIF orientation 8,": store_turned(8, mode="RGB", seed=seed),
        }
        for name, photo in photos.items():
            with check.probe(f"a photo stored as {name} before and after the call"):
                read_picture(check, make_rgb, photo, background, spares_photo=True)


def _was_told(check: Check, cause: str) -> bool:
    return any(failure.cause == cause for failure in check.failures)
