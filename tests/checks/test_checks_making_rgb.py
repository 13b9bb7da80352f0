"""Checks of notebook 03, make_rgb: any draw of photos gives the same verdict, and the photos are what they say."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from helpers.checks.preprocessing.make_rgb import (
    check_make_rgb,
    check_make_rgb_background,
    check_make_rgb_deep,
    check_make_rgb_input,
    check_make_rgb_upright,
)
from helpers.checks.preprocessing.stored_photos import (
    STORED_TURNED,
    store_deep,
    store_plain,
    store_transparent,
    store_turned,
)
from helpers.images import decode_image

BACKGROUNDS = [(200, 60, 120), (45, 170, 90)]
SEEDS = range(20)


def make_rgb(image, *, background):
    image = ImageOps.exif_transpose(image)
    if image.mode == "I;16":
        image = Image.fromarray((np.array(image) / 257).astype(np.uint8))
    rgba = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, background), rgba).convert("RGB")


def convert(image, *, background):
    return image.convert("RGB")


@pytest.fixture
def run_all(run_check):
    def run(answer, seed):
        results = {
            "usual": run_check(check_make_rgb, answer, background=BACKGROUNDS[0], seed=seed),
            "upright": run_check(check_make_rgb_upright, answer, background=BACKGROUNDS[0], seed=seed),
            "background": run_check(check_make_rgb_background, answer, backgrounds=BACKGROUNDS, seed=seed),
            "deep": run_check(check_make_rgb_deep, answer, ranges=[(0, 65535), (700, 26000)], seed=seed),
            "input": run_check(check_make_rgb_input, answer, background=BACKGROUNDS[1], seed=seed),
        }
        return {name: set(result.causes) for name, result in results.items() if not result.passed}

    return run


@pytest.mark.parametrize("seed", SEEDS)
def test_the_verdict_does_not_depend_on_the_photos_drawn(seed, run_all):
    assert run_all(make_rgb, seed) == {}
    assert run_all(convert, seed) == {
        "usual": {"exif_ignored", "hidden_colours_shown", "deep_clipped"},
        "upright": {"exif_ignored"},
        "background": {"hidden_colours_shown"},
        "deep": {"deep_clipped"},
    }


@pytest.mark.parametrize("change", ["pixels", "orientation"])
def test_a_photo_that_was_changed_is_noticed(change, run_all):
    def answer(image, *, background):
        result = make_rgb(image, background=background)
        if change == "pixels":
            image.putpixel((0, 0), 1)
        else:
            image.getexif()[0x0112] = 1
        return result

    assert run_all(answer, 0) == {"input": {"photo_changed"}}


@pytest.mark.parametrize(
    "photo",
    [
        *(
            store_turned(orientation, mode=mode, seed=1)
            for orientation in STORED_TURNED
            for mode in ("RGB", "I;16", "L")
        ),
        *(store_transparent(mode, background=(255, 255, 255), seed=2) for mode in ("RGBA", "LA", "P")),
        *(store_plain(mode, seed=3) for mode in ("RGB", "L", "P", "CMYK")),
        store_deep(darkest=100, brightest=40_000, seed=4),
    ],
)
def test_the_courses_own_reader_agrees_on_every_photo(photo):
    shown = np.array(decode_image(photo.data, name="photo"))
    assert shown.shape == photo.right.shape
    assert abs(shown.astype(int) - photo.right).max() <= 2


@pytest.mark.parametrize("photo", [store_turned(5, mode="RGB", seed=5), store_deep(darkest=0, brightest=900, seed=6)])
def test_wrong_pictures_are_not_the_right_one(photo):
    assert Image.open(io.BytesIO(photo.data)).mode in ("RGB", "I;16")
    for pictures in photo.wrong.values():
        for picture in pictures:
            assert picture.shape != photo.right.shape or abs(picture.astype(int) - photo.right).max() > 2
