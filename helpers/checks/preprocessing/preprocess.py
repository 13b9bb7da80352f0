"""Checks of notebook 03: `preprocess(image, *, mean, std, resize_size, crop_size, interpolation)`.

Every check takes a recipe: torchvision's preset for image classification with the settings to be tried. Its
result is the reference, and its settings are what the student's function is called with.
"""

from collections.abc import Callable, Mapping, Sequence

from PIL import Image

from helpers.checks.preprocessing.prepared_photos import (
    compare_colour,
    compare_mode,
    compare_picture,
    compare_small_palette_photo,
)
from helpers.checks.preprocessing.synthetic_photos import make_mode_pair
from helpers.checks.preprocessing.wrong_pipelines import alter_recipe
from helpers.checks.report import checking
from helpers.models.presets import Preset

BLACK_AND_WHITE = {"black": (0, 0, 0), "white": (255, 255, 255)}
SIDE = 24  # pixels: of a photo that needs neither resizing nor cropping


def check_preprocess(preprocess: Callable, *, recipe: Preset, photos: Mapping[str, Image.Image]) -> None:
    """Check a black photo, a white one and these photos against the recipe."""
    with checking("preprocess", "the model's own tensor, for black, for white and for photos") as check:
        for name, colour in BLACK_AND_WHITE.items():
            with check.probe(f"a plain {name} photo"):
                compare_colour(check, preprocess, recipe, colour, side=recipe.resize_size[0])
        for name, photo in photos.items():
            with check.probe(f"the photo {name}, {photo.width} wide and {photo.height} high"):
                compare_picture(check, preprocess, recipe, photo, spares_photo=True)


def check_preprocess_values(
    preprocess: Callable, *, recipes: Mapping[str, Preset], colours: Mapping[str, tuple[int, int, int]]
) -> None:
    """Check the numbers and their type, on photos of one colour that need neither resizing nor cropping."""
    with checking("preprocess", "the right numbers for any mean and std") as check:
        for numbers, recipe in recipes.items():
            recipe = alter_recipe(recipe, resize_size=[SIDE], crop_size=[SIDE])
            for name, colour in colours.items():
                with check.probe(f"a plain {name} photo, with {numbers} mean and std"):
                    compare_colour(check, preprocess, recipe, colour, side=SIDE)


def check_preprocess_geometry(
    preprocess: Callable, *, recipes: Sequence[Preset], images: Sequence[Image.Image]
) -> None:
    """Check which part of each image is seen, and how it is scaled; how values are normalized does not count."""
    with checking("preprocess", "the middle of the photo, in its own shape, for any size") as check:
        for recipe, image in zip(recipes, images, strict=True):
            sizes = f"resize_size={recipe.resize_size[0]}, crop_size={recipe.crop_size[0]}"
            with check.probe(f"a photo {image.width} wide and {image.height} high, {sizes}"):
                compare_picture(check, preprocess, recipe, image)


def check_preprocess_modes(preprocess: Callable, *, recipe: Preset, modes: Sequence[str], seed: int) -> None:
    """Check photos of other modes than RGB, of the right size already; only what they show counts."""
    recipe = alter_recipe(recipe, resize_size=[SIDE], crop_size=[SIDE])
    with checking("preprocess", "photos of any mode") as check:
        with check.probe("a photo stored as RGB, for comparison"):
            compare_picture(check, preprocess, recipe, make_mode_pair("RGB", side=SIDE, seed=seed)[1])
        for mode in modes if not check.failures else ():
            with check.probe(f"a photo stored as {mode}"):
                compare_mode(check, preprocess, recipe, make_mode_pair(mode, side=SIDE, seed=seed))
        if "P" in modes and not check.failures:
            with check.probe("a photo stored as P that must shrink"):
                photo = make_mode_pair("P", side=2 * SIDE, seed=seed)[0]
                compare_small_palette_photo(check, preprocess, recipe, photo)
