"""Call an answer with copies of one photo, and tell what changed: this runs beside the answer."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from PIL import Image
from torch import Tensor


def call_repeatedly(answer: Callable, *, image: Image.Image, settings: Mapping[str, Any], calls: int) -> dict[str, Any]:
    """Observer: call the answer with copies of a photo; tell its first result, and those that differ from that one.

    `changed` is the photo of the first call, if that looks different afterwards.
    """
    given = image.copy()
    first = answer(given, **settings)
    changed = given.size != image.size or given.tobytes() != image.tobytes()
    again = [answer(image.copy(), **settings) for _ in range(calls - 1)]
    different = [value for value in again if not _is_identical(value, first)]
    return {"first": first, "different": different, "changed": given if changed else None}


def _is_identical(value: Any, first: Any) -> bool:
    """Return whether both are tensors of the same numbers; those that are sure to be, are sent only once."""
    return _has_numbers(value) and _has_numbers(first) and value.dtype == first.dtype and torch.equal(value, first)


def _has_numbers(value: Any) -> bool:
    return isinstance(value, Tensor) and value.layout == torch.strided and not value.is_meta
