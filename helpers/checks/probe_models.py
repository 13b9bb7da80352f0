"""Small models that note, inside `forward`, how they are called.

Notes are taken in `forward` and not in a hook, so that `model.forward(x)` counts as well, and during the call
and not after it, so that a switch that was set too late is seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from helpers.checks.report import Check


@dataclass(frozen=True)
class Call:
    """One run of a model's `forward`: what came in, and in which state the model was."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    photo_device: str
    model_device: str
    in_training: bool  # at least one layer was in training mode
    is_recorded: bool  # autograd kept a graph


class CallLog(list[Call]):
    """The calls of one model; a copy of the model writes into the same log."""

    def __deepcopy__(self, memo: dict) -> "CallLog":
        return self


class RecordingModel(nn.Module):
    """A nested classifier with BatchNorm and dropout, small enough to know its answers by arithmetic.

    weight: tensor [classes, 3], bias: tensor [classes], of the last layer; before it each channel is reduced
    to its mean. mean, variance: tensors [3], what BatchNorm has learned. It starts in training mode.
    """

    def __init__(self, weight: Tensor, bias: Tensor, *, mean: Tensor, variance: Tensor) -> None:
        super().__init__()
        self.calls = CallLog()
        norm = nn.BatchNorm2d(3)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5))
        self.body = nn.Sequential(nn.Sequential(norm), pool)
        self.head = nn.Linear(3, len(weight))
        self.head.load_state_dict({"weight": weight, "bias": bias})

    def forward(self, photos: Tensor) -> Tensor:
        """Note this call, then give the logits [N, classes] of `photos` [N, 3, H, W]."""
        self.calls.append(self.describe_call(photos))
        return self.compute(photos)

    def describe_call(self, photos: Tensor) -> Call:
        """Return what is to be known about a call with `photos`, now."""
        if not isinstance(photos, Tensor):
            raise TypeError(f"the model takes a tensor, not {type(photos).__name__}")
        parameters = list(self.parameters())
        return Call(
            shape=tuple(photos.shape),
            dtype=photos.dtype,
            photo_device=photos.device.type,
            model_device=parameters[0].device.type,
            in_training=any(module.training for module in self.modules()),
            is_recorded=torch.is_grad_enabled() and any(parameter.requires_grad for parameter in parameters),
        )

    def compute(self, photos: Tensor) -> Tensor:
        """Give the logits; errors are torch's own."""
        return self.head(self.body(photos))


class FixedAnswerModel(RecordingModel):
    """Gives the same logits [classes] for every photo, on the CPU, whatever device it was moved to."""

    def __init__(self, answer: Tensor) -> None:
        zeros = torch.zeros(3)
        super().__init__(torch.zeros(len(answer), 3), answer, mean=zeros, variance=zeros + 1)
        self.answer = answer  # no buffer: it stays where it is

    def compute(self, photos: Tensor) -> Tensor:
        """Give the fixed answer once a photo, if photos and model are on one device."""
        devices = {photos.device.type, self.head.weight.device.type}
        if len(devices) > 1:
            raise RuntimeError(f"Expected all tensors to be on the same device, but found {sorted(devices)}")
        return self.answer.expand(len(photos), -1)


def make_probe(photos: int, classes: int, *, seed: int) -> tuple[RecordingModel, Tensor]:
    """Make a model with random numbers, and float photos [N, 3, 13, 9]: noise, each with a colour of its own."""
    random = torch.Generator().manual_seed(seed)
    model = RecordingModel(
        torch.randn(classes, 3, generator=random),
        torch.randn(classes, generator=random),
        mean=torch.rand(3, generator=random),
        variance=0.05 + torch.rand(3, generator=random) / 10,
    )
    colours = torch.rand(photos, 3, 1, 1, generator=random)
    return model, colours + torch.rand(photos, 3, 13, 9, generator=random)


def call_with_model(
    check: Check, find_cause: Callable[[], str | None], function: Callable, arguments: Sequence[Any]
) -> Any:
    """Call the student's function; if it raises, `find_cause()` may name a better cause than the error itself."""
    result, error = check.attempt(function, *arguments)
    if error is not None:
        cause = find_cause() or "raised_error"
        check.stop(cause, got=f"{type(error).__name__}: {error}", expected="a result, no error")
    return result
