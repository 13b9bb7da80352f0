"""What a check asks of calls of a probe model: eval mode, nothing recorded, and the right logits."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from helpers.checks.probe_models import RecordingModel, call_with_model
from helpers.checks.report import Check
from helpers.checks.values import as_tensor, nearest_cause

LOGITS_TOLERANCE = 1e-4  # alone and in a batch a photo's logits differ by 1e-6 or so


def call_and_log(check: Check, function: Callable, model: RecordingModel, *arguments: object) -> object:
    """Call the student's function; end the probe if it raised, or never called the model."""
    value = call_with_model(check, lambda: None, function, (model, *arguments))
    if not model.calls:
        check.stop("model_not_called", got=value, expected="one call of the model or more")
    return value


def compute_logits(model: RecordingModel, photos: Tensor) -> np.ndarray:
    """Return the logits [N, classes] of a probe model by arithmetic, from what it has learned; it does not run."""
    numbers = {name: array.double().numpy() for name, array in model.state_dict().items()}
    means = photos.double().numpy().mean(axis=(2, 3))
    spread = np.sqrt(numbers["body.0.0.running_var"] + model.body[0][0].eps)
    normalized = (means - numbers["body.0.0.running_mean"]) / spread
    return normalized @ numbers["head.weight"].T + numbers["head.bias"]


def expect_eval(check: Check, model: RecordingModel) -> None:
    """Fail if a layer was in training mode in any call."""
    if not any(call.in_training for call in model.calls):
        return
    too_late = not any(module.training for module in model.modules())
    cause = "eval_too_late" if too_late else "ran_in_training_mode"
    check.fail(cause, got="a call in training mode", expected="every layer in eval mode during the call")


def expect_no_graph(check: Check, model: RecordingModel, value: object) -> None:
    """Fail if autograd recorded any call; `value` is what the student's function gave back."""
    if not any(call.is_recorded for call in model.calls):
        return
    numbers = [part for part in find_tensors(value) if part.is_floating_point()]
    is_cut = isinstance(value, np.ndarray) or (numbers and not any(part.requires_grad for part in numbers))
    cause = "graph_cut_too_late" if is_cut else "graph_recorded"
    check.fail(cause, got="a call that autograd recorded", expected="a call with nothing recorded")


def count_photos(model: RecordingModel) -> list[int]:
    """Return how many photos each call had; a photo without a batch counts as one."""
    return [call.shape[0] if len(call.shape) == 4 else 1 for call in model.calls]


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
