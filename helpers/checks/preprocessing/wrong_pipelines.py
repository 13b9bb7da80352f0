"""What the usual mistakes in preprocessing give, each by the name of its cause.

A recipe is torchvision's preset for image classification, which every `Classifier` of helpers.models.loading has as its
`preprocess`. The wrong results come from recipes with other settings. A picture is a tensor [3, H, W] in 0..1.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

from helpers.models.presets import Preset

FAMOUS_NUMBERS = (  # (mean, std) that people copy from one model to the next
    ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),  # ImageNet: torchvision's models
    ((127 / 255,) * 3, (128 / 255,) * 3),  # the embedded models
    ((0.5,) * 3, (0.5,) * 3),  # to -1..1
)
GREY_LEVELS_OFF = 2  # of 255: two right ways to resize differ by 1 or less, two filters by 10 and more
SHARE_OFF = 0.01  # of all numbers: sharp edges may differ more, when a style cuts off overshoot later
FILTERS = tuple(InterpolationMode)

Named = Iterator[tuple[str, Tensor]]


def alter_recipe(recipe: Preset, **settings: Any) -> Preset:
    """Return a copy of `recipe` with other settings."""
    altered = copy.copy(recipe)
    for name, value in settings.items():
        setattr(altered, name, value)
    return altered


def take_picture(recipe: Preset, image: Image.Image | Tensor, **settings: Any) -> Tensor:
    """Return what `recipe` shows of `image`, with other settings if given: a picture, nothing normalized."""
    return alter_recipe(recipe, mean=[0.0] * 3, std=[1.0] * 3, **settings)(image).double()


def list_wrong_values(picture: Tensor, right: Tensor, *, mean: Sequence[float], std: Sequence[float]) -> Named:
    """Give the tensors that mistakes in the numbers make of `picture`; `right` is the right tensor."""
    m, s = torch.tensor([mean, std], dtype=torch.float64)[:, :, None, None]
    yield "normalization_left_out", picture
    yield "values_0_255", picture * 255
    yield "scaled_twice", picture / 255
    yield "scaled_twice", F.normalize(picture / 255, mean, std)
    yield "normalized_before_scaling", F.normalize(picture * 255, mean, std)
    yield "mean_std_swapped", F.normalize(picture, std, mean)
    yield "half_normalized", picture - m
    yield "half_normalized", picture / s
    yield "half_normalized", right * s * s
    yield "blue_first", right.flip(0)
    yield "blue_first", F.normalize(picture.flip(0), mean, std)
    yield "reshape_for_permute", F.normalize(picture.permute(1, 2, 0).reshape(picture.shape), mean, std)
    yield "reshape_for_permute", right.permute(1, 2, 0).reshape(picture.shape)
    for numbers in FAMOUS_NUMBERS:
        yield "numbers_hard_coded", F.normalize(picture, *numbers)
    yield "own_statistics", (picture - picture.mean()) / picture.std()


def list_wrong_pictures(recipe: Preset, image: Image.Image) -> Named:
    """Give the pictures that mistakes in resizing, cropping and moving axes make of `image`."""
    crop, short = recipe.crop_size[0], recipe.resize_size[0]
    right = take_picture(recipe, image)
    yield "squashed", take_picture(recipe, image, resize_size=[crop, crop])
    yield "squashed", take_picture(recipe, image, resize_size=[short, short])
    yield "squashed", take_picture(recipe, image, resize_size=[short, short], crop_size=[short])
    yield "resize_left_out", take_picture(recipe, image, resize_size=[image.height, image.width])
    yield "resize_size_ignored", take_picture(recipe, image, resize_size=[crop])
    yield "crop_before_resize", take_picture(recipe, F.center_crop(image, crop), crop_size=[short])
    yield "crop_size_ignored", take_picture(recipe, image, crop_size=[short])
    yield "height_width_swapped", right.transpose(1, 2)
    yield "reshape_for_permute", right.permute(1, 2, 0).reshape(right.shape)
    yield "blue_first", right.flip(0)
    for mode in FILTERS:
        if mode is not recipe.interpolation:
            yield "wrong_interpolation", take_picture(recipe, image, interpolation=mode)
    for mode in (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC):
        pixels = F.pil_to_tensor(image)
        yield "antialias_missing", take_picture(recipe, pixels, interpolation=mode, antialias=False)


def looks_equal(value: Tensor, picture: Tensor) -> bool:
    """Tell whether two pictures agree but for the rounding of different right ways to resize."""
    if value.shape != picture.shape:
        return False
    off = ~((value - picture).abs() * 255 <= GREY_LEVELS_OFF)  # so that NaN counts as off
    return off.double().mean().item() <= SHARE_OFF


def match_scale(value: Tensor, picture: Tensor) -> Tensor:
    """Give each channel of `value` the mean and the spread of that channel of `picture`.

    What is left to compare is what the picture shows, not in which numbers.
    """
    mean, spread = (function(value, dim=(1, 2), keepdim=True) for function in (torch.mean, torch.std))
    right_mean, right_spread = (function(picture, dim=(1, 2), keepdim=True) for function in (torch.mean, torch.std))
    return (value - mean) / spread.clamp_min(1e-9) * right_spread + right_mean


def has_same_numbers(value: Tensor, other: Tensor) -> bool:
    """Tell whether the channels of two tensors have the same means and spreads."""
    if value.shape != other.shape:
        return False
    pairs = ((function(t, dim=(1, 2)) for t in (value, other)) for function in (torch.mean, torch.std))
    return all(torch.allclose(first, second, rtol=0.01, atol=0.005) for first, second in pairs)
