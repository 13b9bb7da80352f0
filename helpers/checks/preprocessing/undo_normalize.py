"""Checks of notebook 03: `undo_normalize(tensor, mean, std)`, a tensor made fit for display."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms import functional as F

from helpers.checks.preprocessing.wrong_displays import (
    TOLERANCE,
    Numbers,
    find_shape_cause,
    find_values_cause,
    is_close,
    limit,
)
from helpers.checks.report import Check, checking
from helpers.checks.values import as_tensor


def check_undo_normalize(
    undo_normalize: Callable, *, sizes: list[tuple[int, int]], mean: Numbers, std: Numbers, seed: int
) -> None:
    """Check that random pictures of these widths and heights come back, channels last."""
    names = ", ".join(f"{width} x {height}" for width, height in sizes)
    with checking("undo_normalize", f"the picture comes back, channels last ({names})") as check:
        for width, height in sizes:
            picture = _make_picture(width, height, seed=seed, beyond=0.0)
            with check.probe(f"a picture {width} wide and {height} high"):
                _compare(check, undo_normalize, picture, mean, std)


def check_undo_normalize_limits(undo_normalize: Callable, *, mean: Numbers, std: Numbers, seed: int) -> None:
    """Check that values beyond black and white, as sharpening filters make them, come back as black and white."""
    with checking("undo_normalize", "nothing beyond black and white") as check:
        picture = _make_picture(9, 6, seed=seed, beyond=0.4)
        with check.probe("a picture with some values below black and above white"):
            _compare(check, undo_normalize, picture, mean, std)


def check_undo_normalize_input(undo_normalize: Callable, *, mean: Numbers, std: Numbers, seed: int) -> None:
    """Check that the tensor that was given is the same afterwards, and that the right values come back in any form."""
    with checking("undo_normalize", "the tensor that was given stays as it was") as check:
        picture = _make_picture(8, 5, seed=seed, beyond=0.0)
        tensor = _normalize(picture, mean, std)
        with check.probe("the tensor before and after the call"):
            value, after = _call(check, undo_normalize, tensor.clone(), mean, std)
            result = as_tensor(check, value).cpu().double()
            same = tensor.shape == after.shape and torch.equal(tensor, after)
            check.expect(same, "tensor_changed", got=after, expected=tensor)
            if not _is_made_of(result, picture):
                check.fail(find_values_cause(result, tensor, picture, mean, std), got=value, expected=picture)


def _make_picture(width: int, height: int, *, seed: int, beyond: float) -> Tensor:
    """Make a random picture [H, W, 3] in 0..1, or reaching `beyond` that range; its channels differ in brightness."""
    random = np.random.default_rng(seed).random((height, width, 3))
    bright = random ** np.array([0.6, 1.0, 1.8])
    return torch.from_numpy(bright * (1 + 2 * beyond) - beyond)


def _normalize(picture: Tensor, mean: Numbers, std: Numbers) -> Tensor:
    return F.normalize(torch.einsum("hwc->chw", picture), mean, std).float().contiguous()


def _compare(check: Check, undo_normalize: Callable, picture: Tensor, mean: Numbers, std: Numbers) -> None:
    tensor = _normalize(picture, mean, std)
    value, _ = _call(check, undo_normalize, tensor.clone(), mean, std)
    result, shown = as_tensor(check, value).cpu().double(), limit(picture)
    if result.shape != picture.shape:
        swapped = result.ndim == 3 and is_close(result.transpose(0, 1), shown)
        cause = "height_width_swapped" if swapped else find_shape_cause(tuple(result.shape), tuple(picture.shape))
        check.stop(cause, got=value, expected=f"a tensor of shape {tuple(picture.shape)}")
    if not is_close(result, shown):
        check.fail(find_values_cause(result, tensor, picture, mean, std), got=value, expected=shown)


def call_with_tensor(answer: Callable, *, tensor: Tensor, numbers: tuple[Numbers, Numbers]) -> dict[str, Any]:
    """Observer: call the answer with a tensor, mean and std; tell what came, and what the tensor is afterwards."""
    return {"value": answer(tensor, *numbers), "after": tensor}


def _call(check: Check, undo_normalize: Callable, tensor: Tensor, mean: Numbers, std: Numbers) -> tuple[Any, Tensor]:
    """Return the result and the tensor after the call. An error about sizes that do not fit has a cause of its own."""
    told, error = check.ask(call_with_tensor, undo_normalize, tensor=tensor, numbers=(mean, std))
    if error is not None:
        sizes_differ = error.is_a(RuntimeError) and "must match the size" in error.text
        check.stop_for_error("mean_along_width" if sizes_differ else "raised_error", error)
    return told["value"], told["after"]


def _is_made_of(result: Tensor, picture: Tensor) -> bool:
    """Tell whether a result has a picture's values, in whatever order, as 0..1 or 0..255: other checks judge its form.

    Whole numbers of 0..255 are up to one grey level too low.
    """
    values, right = result.flatten().sort().values, picture.flatten().sort().values
    return is_close(values, right) or is_close(values / 255, right, tolerance=2 * TOLERANCE)
