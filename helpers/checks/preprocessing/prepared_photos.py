"""Compare what a student's `preprocess` gives with what a recipe gives, and name the cause of a difference."""

from collections.abc import Callable
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from helpers.checks.preprocessing.find_cause import find_picture_cause, find_shape_cause, find_values_causes, shows
from helpers.checks.preprocessing.repeated_calls import call_repeatedly
from helpers.checks.preprocessing.synthetic_photos import make_plain_photo
from helpers.checks.preprocessing.wrong_pipelines import take_picture
from helpers.checks.report import Check
from helpers.models.presets import Preset

Colour = tuple[int, int, int]

CALLS = 8  # enough to notice a random flip


def compare_colour(check: Check, preprocess: Callable, recipe: Preset, colour: Colour, *, side: int) -> None:
    """Compare the three numbers that a photo of one colour must give, and their type."""
    image = make_plain_photo(colour, side=side)
    value = _call(check, preprocess, image, recipe)
    tensor = _read_tensor(check, value, recipe, image=None)  # one colour does not show what was cut out
    picture, right = take_picture(recipe, image), recipe(image).double()
    if value.dtype != torch.float32:
        check.fail("not_float32", got=f"a tensor of {value.dtype}", expected="a tensor of torch.float32")
    half_level = torch.tensor([0.5 / 255 / std for std in recipe.std], dtype=torch.float64)[:, None, None]
    if not ((tensor - right).abs() <= half_level).all():
        cause, *others = find_values_causes(tensor, picture, right, recipe)
        other = others[0] if others else None
        check.fail(cause, got=_name_channels(tensor), expected=_name_channels(right), other_cause=other)


def compare_picture(
    check: Check, preprocess: Callable, recipe: Preset, image: Image.Image, *, spares_photo: bool = False
) -> None:
    """Compare what is seen, leave aside in which numbers; the function must repeat itself, and may have to spare the
    photo that it is given."""
    inputs = {"image": image.copy(), "settings": _list_settings(recipe), "calls": CALLS}
    told = check.ask_or("raised_error", call_repeatedly, preprocess, **inputs)
    value = told["first"]
    if spares_photo and told["changed"] is not None:
        check.fail("photo_changed", got=told["changed"], expected="the photo as it was")
    if not all(_is_same_tensor(value, other) for other in told["different"]):
        check.stop("random_augmentation", got=f"different tensors in {CALLS} calls", expected="the same each time")
    tensor, picture = _read_tensor(check, value, recipe, image), take_picture(recipe, image)
    if not shows(tensor, picture):
        cause = find_picture_cause(tensor, recipe, image) or "other_picture"
        wanted = f"the middle of the resized photo, {picture.shape[2]} x {picture.shape[1]} pixels"
        check.fail(cause, got=value, expected=wanted)


def compare_mode(check: Check, preprocess: Callable, recipe: Preset, pair: tuple[Image.Image, Image.Image]) -> None:
    """Compare what is seen of a photo in another mode with its twin in mode RGB."""
    photo, twin = pair
    value = _call(check, preprocess, photo, recipe, cause="mode_ignored")
    tensor = _read_tensor(check, value, recipe, twin)
    if not shows(tensor, take_picture(recipe, twin)):
        cause = "palette_indices" if photo.mode == "P" else "mode_ignored"
        check.fail(cause, got="other colours", expected="the colours of the same photo stored as RGB")


def compare_small_palette_photo(check: Check, preprocess: Callable, recipe: Preset, photo: Image.Image) -> None:
    """Fail if a palette photo was resized before it was converted; nothing else counts here."""
    value = _call(check, preprocess, photo, recipe, cause="mode_ignored")
    side = recipe.crop_size[0]
    too_late = take_picture(recipe, photo.resize((side, side), Image.Resampling.NEAREST).convert("RGB"))
    twin_value = _call(check, preprocess, photo.convert("RGB"), recipe)
    order_matters = not _is_same_tensor(value, twin_value)  # or it is only another kind of interpolation
    if order_matters and isinstance(value, Tensor) and shows(value.detach().cpu().double(), too_late):
        check.fail("converted_too_late", got="jagged colours", expected="colours mixed with their neighbours")


def _call(check: Check, preprocess: Callable, image: Image.Image, recipe: Preset, cause: str = "raised_error") -> Any:
    return check.call_or(cause, preprocess, image, **_list_settings(recipe))


def _list_settings(recipe: Preset) -> dict[str, Any]:
    """Return what an answer gets besides the photo."""
    return {
        "mean": tuple(recipe.mean),
        "std": tuple(recipe.std),
        "resize_size": recipe.resize_size[0],
        "crop_size": recipe.crop_size[0],
        "interpolation": recipe.interpolation,
    }


def _read_tensor(check: Check, value: object, recipe: Preset, image: Image.Image | None) -> Tensor:
    """Return the student's tensor if it has the right shape; otherwise stop with the cause."""
    side = recipe.crop_size[0]
    expected = f"a tensor of shape {(3, side, side)}"
    if not isinstance(value, Tensor):
        check.stop("wrong_type", got=value, expected=expected)
    tensor = value.detach().cpu().double()
    if tensor.shape != (3, side, side):
        cause = find_picture_cause(tensor, recipe, image) if image else None
        check.stop(cause or find_shape_cause(tuple(tensor.shape), side), got=value, expected=expected)
    return tensor


def _is_same_tensor(value: object, other: object) -> bool:
    if not isinstance(value, Tensor) or not isinstance(other, Tensor):
        return True  # the type is judged elsewhere
    return value.shape == other.shape and torch.allclose(value, other, atol=1e-5, equal_nan=True)


def _name_channels(tensor: Tensor) -> str:
    means = tensor.mean(dim=(1, 2)).tolist()
    return ", ".join(f"{name} {mean:.3f}" for name, mean in zip(("red", "green", "blue"), means, strict=True))
