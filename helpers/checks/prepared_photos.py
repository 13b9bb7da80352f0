"""Compare what a student's `preprocess` gives with what a recipe gives, and name the cause of a difference."""

from collections.abc import Callable

import torch
from PIL import Image
from torch import Tensor, nn
from torchvision.transforms import InterpolationMode

from helpers.checks.report import Check
from helpers.checks.synthetic_photos import make_plain_photo
from helpers.checks.wrong_preprocessing import (
    alter_recipe,
    has_same_numbers,
    list_wrong_pictures,
    list_wrong_values,
    looks_equal,
    match_scale,
    take_picture,
)

CALLS = 8  # enough to notice a random flip
ANY_FILTER = (InterpolationMode.BICUBIC, InterpolationMode.BILINEAR, InterpolationMode.NEAREST)


def compare_colour(check: Check, preprocess: Callable, recipe: nn.Module, colour, *, side: int) -> None:
    """Compare the three numbers that a photo of one colour must give, and their type."""
    image = make_plain_photo(colour, side=side)
    value = _call(check, preprocess, image, recipe)
    tensor = _read_tensor(check, value, recipe, image)
    picture, right = take_picture(recipe, image), recipe(image).double()
    if value.dtype != torch.float32:
        check.fail("not_float32", got=f"a tensor of {value.dtype}", expected="a tensor of torch.float32")
    half_level = torch.tensor([0.5 / 255 / std for std in recipe.std], dtype=torch.float64)[:, None, None]
    if not ((tensor - right).abs() <= half_level).all():
        cause, *others = _find_values_causes(tensor, picture, right, recipe)
        other = others[0] if others else None
        check.fail(cause, got=_name_channels(tensor), expected=_name_channels(right), other_cause=other)


def compare_picture(check: Check, preprocess: Callable, recipe: nn.Module, image: Image.Image) -> None:
    """Compare what is seen, leave aside in which numbers; the function must repeat itself and spare the photo."""
    given = image.copy()
    value = _call(check, preprocess, given, recipe)
    if given.size != image.size or given.tobytes() != image.tobytes():
        check.fail("photo_changed", got=given, expected="the photo as it was")
    again = [_call(check, preprocess, image.copy(), recipe) for _ in range(CALLS - 1)]
    if not all(_is_same_tensor(value, other) for other in again):
        check.stop("random_augmentation", got=f"different tensors in {CALLS} calls", expected="the same each time")
    tensor, picture = _read_tensor(check, value, recipe, image), take_picture(recipe, image)
    if not _shows(tensor, picture):
        cause = _find_picture_cause(tensor, recipe, image) or "other_picture"
        wanted = f"the middle of the resized photo, {picture.shape[2]} x {picture.shape[1]} pixels"
        check.fail(cause, got=value, expected=wanted)


def compare_mode(check: Check, preprocess: Callable, recipe: nn.Module, pair: tuple[Image.Image, Image.Image]) -> None:
    """Compare what is seen of a photo in another mode with its twin in mode RGB."""
    photo, twin = pair
    value = _call(check, preprocess, photo, recipe, cause="mode_ignored")
    tensor = _read_tensor(check, value, recipe, twin)
    if not _shows(tensor, take_picture(recipe, twin)):
        cause = "palette_indices" if photo.mode == "P" else "mode_ignored"
        check.fail(cause, got="other colours", expected="the colours of the same photo stored as RGB")


def compare_small_palette_photo(check: Check, preprocess: Callable, recipe: nn.Module, photo: Image.Image) -> None:
    """Fail if a palette photo was resized before it was converted; nothing else counts here."""
    value = _call(check, preprocess, photo, recipe, cause="mode_ignored")
    size = tuple(reversed(recipe.crop_size * 2))
    too_late = take_picture(recipe, photo.resize(size, Image.Resampling.NEAREST).convert("RGB"))
    if isinstance(value, Tensor) and _shows(value.detach().cpu().double(), too_late):
        check.fail("converted_too_late", got="jagged colours", expected="colours mixed with their neighbours")


def _call(check: Check, preprocess: Callable, image: Image.Image, recipe: nn.Module, cause="raised_error") -> object:
    settings = {
        "mean": tuple(recipe.mean),
        "std": tuple(recipe.std),
        "resize_size": recipe.resize_size[0],
        "crop_size": recipe.crop_size[0],
        "interpolation": recipe.interpolation,
    }
    return check.call_or(cause, preprocess, image, **settings)


def _read_tensor(check: Check, value: object, recipe: nn.Module, image: Image.Image) -> Tensor:
    """Return the student's tensor if it has the right shape; otherwise stop with the cause."""
    side = recipe.crop_size[0]
    expected = f"a tensor of shape {(3, side, side)}"
    if not isinstance(value, Tensor):
        check.stop("wrong_type", got=value, expected=expected)
    tensor = value.detach().cpu().double()
    if tensor.shape != (3, side, side):
        cause = _find_picture_cause(tensor, recipe, image) or _find_shape_cause(tuple(tensor.shape), side)
        check.stop(cause, got=value, expected=expected)
    return tensor


def _find_shape_cause(shape: tuple[int, ...], side: int) -> str:
    if len(shape) == 4 and shape[0] == 1:
        return "batch_dimension_added"
    if len(shape) == 3 and shape[2] in (3, 4):
        return "channels_last"
    if len(shape) == 2 or (len(shape) == 3 and shape[0] in (1, 2, 4)):
        return "mode_ignored"
    if len(shape) == 3 and shape[0] == 3 and shape[1] != shape[2] and min(shape[1:]) >= side:
        return "crop_left_out"
    return "wrong_shape"


def _find_picture_cause(tensor: Tensor, recipe: nn.Module, image: Image.Image) -> str | None:
    for mode in dict.fromkeys((recipe.interpolation, *ANY_FILTER)):  # a mistake may come with another filter
        for cause, wrong in list_wrong_pictures(alter_recipe(recipe, interpolation=mode), image):
            if _shows(tensor, wrong):
                return cause
    return None


def _find_values_causes(tensor: Tensor, picture: Tensor, right: Tensor, recipe: nn.Module) -> list[str]:
    """Return the causes that fit, at least one; for a black photo it can be several."""
    if not tensor.isfinite().all():
        return ["own_statistics"]
    wrong = list_wrong_values(picture, right, mean=recipe.mean, std=recipe.std)
    fitting = dict.fromkeys(cause for cause, other in wrong if has_same_numbers(tensor, other))
    return list(fitting) or ["wrong_values"]


def _shows(tensor: Tensor, picture: Tensor) -> bool:
    return tensor.shape == picture.shape and looks_equal(match_scale(tensor, picture), picture)


def _is_same_tensor(value: object, other: object) -> bool:
    if not isinstance(value, Tensor) or not isinstance(other, Tensor):
        return True  # the type is judged elsewhere
    return value.shape == other.shape and torch.allclose(value, other, atol=1e-5, equal_nan=True)


def _name_channels(tensor: Tensor) -> str:
    means = tensor.mean(dim=(1, 2)).tolist()
    return ", ".join(f"{name} {mean:.3f}" for name, mean in zip(("red", "green", "blue"), means, strict=True))
