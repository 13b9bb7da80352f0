"""Checks of notebook 03: `make_batch(images, preprocess)`."""

from collections.abc import Callable, Sequence

import torch
from PIL import Image
from torch import Tensor

from helpers.checks.report import Check, checking
from helpers.line.callbacks import Callback
from helpers.line.kinds import Iterated, name_type

CHANNELS, HEIGHT, WIDTH = 3, 4, 5  # all different, and other than the numbers of photos, so that no mix-up hides


class NumberedPreprocess:
    """Stands in for a real `preprocess`: gives each photo its own tensor [3, 4, 5], and notes every call."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def __call__(self, image: Image.Image) -> Tensor:
        if not isinstance(image, Image.Image):
            raise TypeError(f"preprocess takes one PIL image, and it was called with {name_type(image)}.")
        self.seen.append(image.convert("RGB").getpixel((0, 0))[0])  # type: ignore[index]  # three numbers a pixel
        return give_tensor(self.seen[-1])


def give_tensor(number: int) -> Tensor:
    """Return the tensor [3, 4, 5] that stands for photo `number`."""
    return number + torch.arange(CHANNELS * HEIGHT * WIDTH).reshape(CHANNELS, HEIGHT, WIDTH) / 100


def check_make_batch(
    make_batch: Callable, *, sizes: Sequence[tuple[int, int]], numbers: Sequence[int] | None = None
) -> None:
    """Check `make_batch(images, preprocess) -> tensor [N, 3, H, W]` with photos of these widths and heights.

    `numbers`, all different, are the photos' grey levels, by which their tensors are told apart.
    """
    count = len(sizes)
    behaviour = f"{count} photos in one tensor, in their order" if count > 1 else "one photo is a batch of one"
    with checking("make_batch", behaviour) as check:
        numbers = numbers or [(7 * index + 3) % 11 for index in range(count)]  # neither rising nor falling
        images = [Image.new("RGB", size, (number,) * 3) for size, number in zip(sizes, numbers, strict=True)]
        preprocess = NumberedPreprocess()
        with check.probe(f"{count} photo{'s' * (count > 1)}, and a preprocess that gives tensors of shape (3, 4, 5)"):
            value = check.call(make_batch, images, Callback(preprocess))
            if isinstance(value, Iterated):
                check.stop("batch_is_list", got=f"a {value.type_name}", expected="a tensor")
            seen = list(preprocess.seen)
            if not seen:
                check.stop("preprocess_not_called", got="no call of preprocess", expected=f"{count} calls")
            if len(seen) > count:
                check.fail("preprocess_called_twice", got=f"{len(seen)} calls", expected=f"{count} calls")
            _compare_batch(check, value, numbers)


def _compare_batch(check: Check, value: object, numbers: Sequence[int]) -> None:
    shape = (len(numbers), CHANNELS, HEIGHT, WIDTH)
    expected = f"a tensor of shape {shape}"
    if isinstance(value, list | tuple):
        check.stop("batch_is_list", got=f"a {type(value).__name__} of {len(value)}", expected=expected)
    if not isinstance(value, Tensor):
        check.stop("wrong_type", got=value, expected=expected)
    if tuple(value.shape) != shape:
        check.stop(_find_shape_cause(tuple(value.shape), len(numbers)), got=value, expected=expected)
    if value.dtype != torch.float32:
        check.fail("not_float32", got=f"a tensor of {value.dtype}", expected="a tensor of torch.float32")
    found = [_find_number(picture, numbers) for picture in value.detach().cpu()]
    if found != numbers:
        cause = "batch_order_lost" if sorted(found) == sorted(numbers) else _find_content_cause(found)
        got = f"the photos in the order {[numbers.index(number) if number >= 0 else '?' for number in found]}"
        check.fail(cause, got=got, expected=f"the order {list(range(len(numbers)))}")


def _find_shape_cause(shape: tuple[int, ...], count: int) -> str:
    one = (CHANNELS, HEIGHT, WIDTH)
    if shape == one:
        return "batch_of_one_missing" if count == 1 else "batch_incomplete"
    if shape in {(count * CHANNELS, HEIGHT, WIDTH), (CHANNELS, count * HEIGHT, WIDTH)}:
        return "batch_concatenated"
    if shape == (CHANNELS, HEIGHT, count * WIDTH):
        return "batch_concatenated"
    if shape in {(count, 1, *one), (1, count, *one)}:
        return "batch_dimension_twice"
    if len(shape) == 4 and shape[1:] == one:
        return "batch_incomplete" if shape[0] < count else "wrong_shape"
    if sorted(shape) == sorted((count, *one)):
        return "batch_dimension_not_first"
    return "wrong_shape"


def _find_number(picture: Tensor, numbers: Sequence[int]) -> int:
    """Return which photo this is, -1 for none."""
    close = (number for number in numbers if torch.allclose(picture.double(), give_tensor(number).double(), atol=1e-3))
    return next(close, -1)


def _find_content_cause(found: list[int]) -> str:
    if -1 not in found:
        return "batch_repeats_photo"
    return "wrong_values"
