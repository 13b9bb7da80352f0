"""What came back from moving a model and a batch, told beside the answer: where everything is, and how it runs."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

MODEL_AND_BATCH, SWAPPED, OTHER = "(model, batch)", "(batch, model)", "other"


def move_and_look(answer: Callable, *, model: nn.Module, batch: Tensor, device: str | torch.device) -> dict[str, Any]:
    """Observer: call the answer; tell of what kind the result is, and of a model and a batch where they are.

    The model is run in eval mode, as the student's next line would; `logits` is what it gives, or its error.
    """
    value = answer(model, batch, device)
    kind = name_kind(value)
    if kind != MODEL_AND_BATCH:
        return {"kind": kind, "value": value}
    moved, photos = value
    places = {str(numbers.device) for numbers in (*moved.parameters(), *moved.buffers())}
    told = {"kind": kind, "model_places": sorted(places), "batch_place": str(photos.device), "batch": photos}
    return told | {"logits": _run(moved, photos)}


def name_kind(value: object) -> str:
    """Return whether a value is a model and a batch, in which order, or something else."""
    if isinstance(value, list | tuple) and len(value) == 2:
        first, second = value
        if isinstance(first, nn.Module) and isinstance(second, Tensor):
            return MODEL_AND_BATCH
        if isinstance(first, Tensor) and isinstance(second, nn.Module):
            return SWAPPED
    return OTHER


def _run(model: nn.Module, photos: Tensor) -> Any:
    """Return the model's logits in eval mode, or the error that comes instead."""
    try:
        with torch.no_grad():
            return model.eval()(photos)
    except Exception as error:
        return error
