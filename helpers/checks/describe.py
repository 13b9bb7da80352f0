"""Say in a few words what a value is, whatever a student returned."""

from typing import Any

import numpy as np
import torch
from PIL import Image

MAX_REPR = 120


def describe(value: Any) -> str:
    """Return a short description; never raises, also for objects whose `repr` does."""
    try:
        return _describe_known_type(value)
    except Exception:
        return f"an object of type {type(value).__name__}"


def _describe_known_type(value: Any) -> str:
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, torch.Tensor | np.ndarray):
        return _describe_array(value)
    if isinstance(value, Image.Image):
        return f"a picture of {value.width} x {value.height} pixels, mode {value.mode}"
    text = repr(value)
    return text if len(text) <= MAX_REPR else f"{text[: MAX_REPR - 4]} ..."


def _describe_array(value: torch.Tensor | np.ndarray) -> str:
    kind = "a tensor" if isinstance(value, torch.Tensor) else "a NumPy array"
    dtype = str(value.dtype).removeprefix("torch.")
    text = f"{kind} of shape {tuple(value.shape)}, {dtype}"
    array = value.detach().cpu().numpy() if isinstance(value, torch.Tensor) else value
    if array.size == 0 or array.dtype.kind not in "biuf":
        return text
    if array.size <= 6:
        return f"{text}, values {np.round(array.astype(float).ravel(), 3).tolist()}"
    return f"{text}, values {array.min():.3g} to {array.max():.3g}, mean {array.mean():.3g}"
