"""Checks of notebook 03: `undo_normalize(tensor, mean, std)`, a tensor made fit for display."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms import functional as F

from helpers.checks.preprocessing.wrong_pipelines import FAMOUS_NUMBERS
from helpers.checks.report import Check, checking
from helpers.checks.values import as_tensor

Numbers = tuple[float, float, float]  # of red, green, blue
TOLERANCE = 0.5 / 255  # half a grey level


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
    """Check that the tensor that was given is the same afterwards."""
    with checking("undo_normalize", "the tensor that was given stays as it was") as check:
        tensor = _normalize(_make_picture(8, 5, seed=seed, beyond=0.0), mean, std)
        before = tensor.clone()
        with check.probe("the tensor before and after the call"):
            as_tensor(check, _call(check, undo_normalize, tensor, mean, std))
            same = tensor.shape == before.shape and torch.equal(tensor, before)
            check.expect(same, "tensor_changed", got=tensor, expected=before)


def _make_picture(width: int, height: int, *, seed: int, beyond: float) -> Tensor:
    """Make a random picture [H, W, 3] in 0..1, or reaching `beyond` that range; its channels differ in brightness."""
    random = np.random.default_rng(seed).random((height, width, 3))
    bright = random ** np.array([0.6, 1.0, 1.8])
    return torch.from_numpy(bright * (1 + 2 * beyond) - beyond)


def _normalize(picture: Tensor, mean: Numbers, std: Numbers) -> Tensor:
    return F.normalize(torch.einsum("hwc->chw", picture), mean, std).float().contiguous()


def _compare(check: Check, undo_normalize: Callable, picture: Tensor, mean: Numbers, std: Numbers) -> None:
    tensor = _normalize(picture, mean, std)
    value = _call(check, undo_normalize, tensor.clone(), mean, std)
    result = as_tensor(check, value).cpu().double()
    shown = torch.from_numpy(np.interp(picture, [0, 1], [0, 1]))  # beyond its ends, interp stays at them
    if result.shape != picture.shape:
        swapped = result.ndim == 3 and _is_close(result.transpose(0, 1), shown)
        cause = "height_width_swapped" if swapped else _find_shape_cause(tuple(result.shape), tuple(picture.shape))
        check.stop(cause, got=value, expected=f"a tensor of shape {tuple(picture.shape)}")
    if not _is_close(result, shown):
        wrong = _list_wrong(tensor.double(), picture, shown, mean, std)
        cause = next((cause for cause, other in wrong if _is_close(result, other)), "wrong_values")
        check.fail(cause, got=value, expected=shown)


def _call(check: Check, undo_normalize: Callable, *arguments) -> object:
    value = check.call(_keep_size_error, undo_normalize, *arguments)
    if isinstance(value, RuntimeError):
        check.stop("mean_along_width", got=f"RuntimeError: {value}", expected="a result, no error")
    return value


def _keep_size_error(undo_normalize: Callable, *arguments) -> object:
    """Call the function; an error about sizes that do not fit is returned, so that its cause can be named."""
    try:
        return undo_normalize(*arguments)
    except RuntimeError as error:
        if "must match the size" in str(error):
            return error
        raise


def _find_shape_cause(shape: tuple[int, ...], right: tuple[int, ...]) -> str:
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


def _is_close(result: Tensor, other: Tensor) -> bool:
    return result.shape == other.shape and torch.allclose(result, other, rtol=0, atol=TOLERANCE)
