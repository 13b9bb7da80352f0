"""What the usual mistakes in undoing a normalization give, each by the name of its cause.

A picture is a tensor [H, W, 3] in 0..1, or a little beyond: `shown` is what a screen can show of it.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from helpers.checks.preprocessing.wrong_pipelines import FAMOUS_NUMBERS

Numbers = tuple[float, float, float]  # of red, green, blue
TOLERANCE = 0.5 / 255  # half a grey level


def limit(picture: Tensor) -> Tensor:
    """Return what of a picture lies between black and white, with all else cut off."""
    return torch.from_numpy(np.interp(picture, [0, 1], [0, 1]))  # beyond its ends, interp stays at them


def is_close(result: Tensor, other: Tensor, *, tolerance: float = TOLERANCE) -> bool:
    """Tell whether two tensors have the same shape and, up to rounding, the same numbers."""
    return result.shape == other.shape and torch.allclose(result, other, rtol=0, atol=tolerance)


def find_values_cause(result: Tensor, tensor: Tensor, picture: Tensor, mean: Numbers, std: Numbers) -> str:
    """Return why `result` is not what of `picture` can be shown; `tensor` is what the answer was given."""
    wrong = _list_wrong(tensor.double(), picture, limit(picture), mean, std)
    return next((cause for cause, other in wrong if is_close(result, other)), "wrong_values")


def find_shape_cause(shape: tuple[int, ...], right: tuple[int, ...]) -> str:
    """Return why a result has this shape, and not the right one."""
    height, width, _ = right
    causes = {
        (width, height, 3): "height_width_swapped",
        (3, width, height): "channels_not_moved",
        (3, height, width): "channels_not_moved",
        (1, 3, height, width): "batch_dimension_added",
        (1, height, width, 3): "batch_dimension_added",
    }
    return causes.get(shape, "wrong_shape")


def _list_wrong(tensor: Tensor, picture: Tensor, shown: Tensor, mean, std) -> Iterator[tuple[str, Tensor]]:
    """Give the pictures that the usual mistakes make of `tensor` [3, H, W], each by its cause."""
    yield "limits_left_out", picture
    yield "values_0_255", shown * 255
    yield "values_0_255", (shown * 255).floor()
    yield "blue_first", shown.flip(2)
    m, s = torch.tensor([mean, std], dtype=torch.float64)[:, :, None, None]
    candidates = [
        ("normalization_kept", tensor),
        ("undo_reversed", (tensor - m) / s),
        ("undo_reversed", (tensor + m) * s),
        ("undo_reversed", tensor * m + s),
        ("undo_reversed", tensor * s - m),
        ("undo_reversed", tensor / s + m),
        ("undo_half_done", tensor * s),
        ("undo_half_done", tensor + m),
        ("limited_too_early", tensor.clamp(0, 1) * s + m),
        ("contrast_stretched", (tensor - tensor.min()) / (tensor.max() - tensor.min())),
    ]
    for numbers in torch.tensor(FAMOUS_NUMBERS, dtype=torch.float64):
        famous_mean, famous_std = numbers[:, :, None, None]
        candidates.append(("numbers_hard_coded", tensor * famous_std + famous_mean))
    if tensor.shape[2] == 3:
        candidates.append(("mean_along_width", tensor * s.ravel() + m.ravel()))
    for cause, wrong in candidates:
        for limited in (wrong, wrong.clamp(0, 1)):
            yield cause, torch.einsum("chw->hwc", limited)
    yield "reshape_for_permute", torch.einsum("hwc->chw", shown).reshape(shown.shape)
