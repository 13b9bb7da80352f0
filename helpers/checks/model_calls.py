"""What a check asks of calls of a probe model: eval mode, nothing recorded, and the right logits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from helpers.checks.probe_models import ModelLog, ModelProbe
from helpers.checks.report import Check
from helpers.checks.values import as_tensor, nearest_cause

MAX_COMPARED = 5_000_000  # numbers; no task needs a thousandth
LOGITS_TOLERANCE = 1e-4  # alone and in a batch a photo's logits differ by 1e-6 or so


@dataclass(frozen=True)
class ModelCall:
    """What a call with a probe model gave, and the state of the model afterwards."""

    value: object
    buffers: dict[str, Tensor]
    in_training: bool  # at least one layer


def call_with_model(answer: Callable, *, model: nn.Module, args: tuple) -> dict[str, Any]:
    """Observer: call the answer with a model and more; tell what came, and the model's state afterwards."""
    value = answer(model, *args)
    in_training = any(part.training for part in model.modules())
    return {"value": value, "buffers": dict(model.named_buffers()), "in_training": in_training}


def call_and_log(check: Check, function: Callable, probe: ModelProbe, *arguments: object) -> ModelCall:
    """Call the student's function with the model; end the probe if it raised, or never called the model."""
    value = check.ask_or("raised_error", call_with_model, function, model=probe.model, args=arguments)
    came = read_model_call(value)
    if not probe.log.calls:
        check.stop("model_not_called", got=came.value, expected="one call of the model or more")
    return came


def read_model_call(value: Any) -> ModelCall:
    """Return what `call_with_model` told. Raises an error if it told something else."""
    return ModelCall(value["value"], dict(value["buffers"]), bool(value["in_training"]))


def expect_eval(check: Check, log: ModelLog, *, in_training_now: bool = True) -> None:
    """Fail if a layer was in training mode in any call; `in_training_now`: whether one is, after all calls."""
    if not any(call.in_training for call in log.calls):
        return
    cause = "ran_in_training_mode" if in_training_now else "eval_too_late"
    check.fail(cause, got="a call in training mode", expected="every layer in eval mode during the call")


def expect_no_graph(check: Check, log: ModelLog, value: object) -> None:
    """Fail if autograd recorded any call; `value` is what the student's function gave back."""
    if not any(call.is_recorded for call in log.calls):
        return
    numbers = [part for part in find_tensors(value) if part.is_floating_point()]
    is_cut = isinstance(value, np.ndarray) or (numbers and not any(part.requires_grad for part in numbers))
    cause = "graph_cut_too_late" if is_cut else "graph_recorded"
    check.fail(cause, got="a call that autograd recorded", expected="a call with nothing recorded")


def count_photos(log: ModelLog) -> list[int]:
    """Return how many photos each call had; a photo without a batch counts as one."""
    return [call.shape[0] if len(call.shape) == 4 else 1 for call in log.calls]


def find_tensors(value: object) -> list[Tensor]:
    """Return the tensors in `value`, which may be one or a list of them."""
    return [part for part in (value if isinstance(value, list | tuple) else [value]) if isinstance(part, Tensor)]


def expect_logits(check: Check, value: object, expected: np.ndarray, *, sure: bool) -> None:
    """Compare logits [N, classes]; `sure` is False if another failure explains wrong numbers already."""
    if isinstance(value, list | tuple) and find_tensors(value):
        check.stop("batches_not_joined", got=f"{len(value)} separate results", expected="one tensor")
    logits, right = as_tensor(check, value), torch.from_numpy(expected)
    if logits.shape != right.shape and (sure or len(logits.shape) != 2):
        check.stop(_find_shape_cause(logits, right), got=logits, expected=f"a tensor of shape {tuple(right.shape)}")
    if sure and not torch.allclose(logits.double(), right, rtol=0, atol=LOGITS_TOLERANCE):
        check.fail(_find_logits_cause(logits.double(), right), got=logits, expected=right.float())


def expect_made_of_logits(check: Check, value: object, expected: np.ndarray) -> None:
    """Fail unless the value comes from the right logits, in whatever form: the form is judged elsewhere.

    The logits of a model in training mode are other ones, and so are those of a call that never was.
    """
    parts = find_tensors(value)
    right = torch.from_numpy(expected)
    whole = torch.cat([torch.atleast_1d(part) for part in parts]) if len(parts) > 1 else as_tensor(check, value)
    forms = (right, right.softmax(1), right.log_softmax(1), right.sigmoid(), right.argmax(1), right.amax(1))
    if not any(_is_part(whole.detach().cpu().double(), form.double()) for form in forms):
        check.fail("wrong_values", got=value, expected=right.float())


def _is_part(value: Tensor, form: Tensor) -> bool:
    """Return whether each row of a value (a number, if it has one for each photo) is a row of `form`."""
    rows, wanted = (value, form) if form.ndim == 1 else (torch.atleast_2d(value), form)
    if rows.ndim != form.ndim or rows.shape[1:] != form.shape[1:] or not len(rows):
        return False
    if len(rows) * form.numel() > MAX_COMPARED:
        return False
    distances = (rows[:, None] - wanted[None]).abs().reshape(len(rows), len(wanted), -1).amax(dim=2)
    return bool((distances.amin(dim=1) <= 10 * LOGITS_TOLERANCE).all())


def _find_shape_cause(logits: Tensor, right: Tensor) -> str:
    photos = len(right)
    if logits.shape == right.shape[1:]:
        return "first_photo_only"
    if logits.shape[:1] == (photos,) and logits.numel() == photos:
        return "classes_not_logits"
    if logits.ndim == 2 and logits.shape[1:] == right.shape[1:] and len(logits) < photos:
        return "photos_missing"
    return "wrong_shape"


def _find_logits_cause(logits: Tensor, right: Tensor) -> str:
    by_column = {"order_lost": right.sort(dim=0).values}
    cause = nearest_cause(logits.sort(dim=0).values, by_column, tolerance=LOGITS_TOLERANCE)
    if cause == "order_lost":
        return cause
    sums = logits.sum(dim=1)
    shares = torch.allclose(sums, torch.ones_like(sums), atol=1e-4) and bool((logits >= 0).all())
    return "softmax_too_early" if shares else "wrong_values"
