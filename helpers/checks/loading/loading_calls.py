"""Let an answer load a checkpoint file, and tell what came back: this runs beside the answer."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

from helpers.checks.loading.checkpoints import hear_programs
from helpers.line.guard import make_scratch_folder
from helpers.line.kinds import Other


def load_from_file(
    answer: Callable, *, model: nn.Module, content: bytes, photos: Tensor | None, bell: Callable[[], Any]
) -> dict[str, Any]:
    """Observer: call the answer with a model and a file of these bytes, where there is no GPU; tell what came.

    If it is a model, it predicts `photos`, if there are any. `bell` is called if a program in the file runs.
    """
    no_gpu = mock.patch("torch.cuda.is_available", return_value=False)
    with make_scratch_folder() as folder, no_gpu, hear_programs(bell):
        path = folder / "checkpoint.pt"
        path.write_bytes(content)
        try:
            value = answer(model, path)
        except (Exception, SystemExit) as error:
            return {"error": error}
        if isinstance(value, nn.Module):
            return {"model": _describe_model(value, photos)}
        return {"value": _describe_other(value)}


def _describe_other(value: Any) -> Any:
    """Return a value; in place of a named tuple, which `load_state_dict` returns, what it is called."""
    if not hasattr(value, "_fields"):
        return value
    return Other(type(value).__name__, type(value).__module__, repr(value))


def _describe_model(model: nn.Module, photos: Tensor | None) -> dict[str, Any]:
    """Return a model's numbers, where they lie, which parts are in training mode, and what it predicts."""
    numbers = {key: number.clone() for key, number in model.state_dict().items()}  # predicting may change them
    return {
        "numbers": numbers,
        "devices": sorted({str(number.device) for number in numbers.values()}),
        "modes": [part.training for part in model.modules()],
        "logits": None if photos is None else _predict(model, photos),
    }


def _predict(model: nn.Module, photos: Tensor) -> Any:
    """Return the logits of photos, which come in the model's own numbers; or the error, if it cannot predict."""
    try:
        with torch.no_grad():
            return model(photos.to(next(model.parameters())))
    except Exception as error:
        return error
