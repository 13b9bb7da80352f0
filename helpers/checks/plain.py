"""Results as plain values: an object of a class of its own can claim to be equal to anything, each time anew."""

from typing import Any

import numpy as np
from torch import Tensor, nn
from torch._C import DisableTorchFunctionSubclass

DEEPEST = 4  # no check looks further into lists in lists
PLAIN = (bool, int, float, complex, str, bytes, type(None), Tensor, nn.Parameter, np.ndarray)
NUMBERS_AND_TEXTS = {int: int.__int__, float: float.__float__, str: str.__str__}
METHODS = ("__eq__", "__ne__", "__len__", "__iter__", "__getitem__", "__contains__")


def as_plain(value: Any, depth: int = DEEPEST) -> Any:
    """Return numbers, texts, tensors, arrays, lists, tuples and dicts of other classes as plain ones, also inside.

    What is plain already, or nothing of the kind, comes back as the same object. What only claims to be of a kind
    becomes an object without any meaning.
    """
    kind = type(value)
    if any(kind is plain for plain in PLAIN):
        return value
    kinds = (*NUMBERS_AND_TEXTS, Tensor, np.ndarray, list, tuple, dict)
    base = next((base for base in kinds if isinstance(value, base)), None)
    if base is None or depth == 0:
        return value
    if not issubclass(kind, base):
        return object()
    if base in NUMBERS_AND_TEXTS:
        return NUMBERS_AND_TEXTS[base](value)
    if base is np.ndarray:
        return np.asarray(value)
    if base is Tensor:
        with DisableTorchFunctionSubclass():
            return Tensor.as_subclass(value, Tensor)
    return _as_plain_container(value, base, depth)


def _as_plain_container(value: Any, base: type, depth: int) -> Any:
    """Return the same object if neither it nor anything in it has methods of its own that a check may call."""
    before = [part for pair in dict.items(value) for part in pair] if base is dict else list(base.__iter__(value))
    after = [as_plain(part, depth - 1) for part in before]
    own = any(type.__getattribute__(type(value), name) is not getattr(base, name) for name in METHODS)
    if not own and all(new is old for new, old in zip(after, before, strict=True)):
        return value
    return dict(zip(after[::2], after[1::2], strict=True)) if base is dict else base(after)
