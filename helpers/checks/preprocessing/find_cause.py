"""Find the cause of a tensor that is not the one a recipe gives."""

from PIL import Image
from torch import Tensor
from torchvision.transforms import InterpolationMode

from helpers.checks.preprocessing.wrong_pipelines import (
    alter_recipe,
    has_same_numbers,
    list_wrong_pictures,
    list_wrong_values,
    looks_equal,
    match_scale,
)
from helpers.models.presets import Preset

USUAL_SIDE = 224  # pixels, of the crop in most recipes
ANY_FILTER = (InterpolationMode.BICUBIC, InterpolationMode.BILINEAR, InterpolationMode.NEAREST)


def find_shape_cause(shape: tuple[int, ...], side: int) -> str:
    """Return why a tensor has this shape, and not (3, side, side)."""
    if len(shape) == 4 and shape[0] == 1:
        return "batch_dimension_added"
    if len(shape) == 3 and shape[2] in (3, 4):
        return "channels_last"
    if len(shape) == 2 or (len(shape) == 3 and shape[0] in (1, 2, 4)):
        return "mode_ignored"
    if shape == (3, USUAL_SIDE, USUAL_SIDE) and side != USUAL_SIDE:
        return "sizes_hard_coded"
    if len(shape) == 3 and shape[0] == 3 and min(shape[1:]) >= side:
        return "crop_left_out"
    return "wrong_shape"


def find_picture_cause(tensor: Tensor, recipe: Preset, image: Image.Image) -> str | None:
    """Return the mistake that makes `tensor` of `image`, whatever its numbers are; None if it is no usual one."""
    for mode in dict.fromkeys((recipe.interpolation, *ANY_FILTER)):  # a mistake may come with another filter
        for cause, wrong in list_wrong_pictures(alter_recipe(recipe, interpolation=mode), image):
            if shows(tensor, wrong):
                return cause
    return None


def find_values_causes(tensor: Tensor, picture: Tensor, right: Tensor, recipe: Preset) -> list[str]:
    """Return the causes that fit, the best first, at least one; for a black photo it can be several."""
    if not tensor.isfinite().all():
        return ["own_statistics"]
    wrong = list_wrong_values(picture, right, mean=recipe.mean, std=recipe.std)
    fitting = [(measure_distance(tensor, other), cause) for cause, other in wrong if has_same_numbers(tensor, other)]
    fitting.sort(key=lambda pair: round(pair[0], 3))  # what is equally near stays in the order of the list
    return list(dict.fromkeys(cause for _, cause in fitting)) or ["wrong_values"]


def measure_distance(tensor: Tensor, other: Tensor) -> float:
    """Return the largest difference between the numbers of two tensors of the same shape."""
    return (tensor - other).abs().max().item()


def shows(tensor: Tensor, picture: Tensor) -> bool:
    """Tell whether `tensor` shows `picture`, in whatever numbers."""
    return tensor.shape == picture.shape and looks_equal(match_scale(tensor, picture), picture)
