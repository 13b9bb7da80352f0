"""Models and tensors that lie beside a benchmark and report what it does with them; they know no duration.

Every call, and every copy, goes to the side of the check, whose clock it moves.
"""

from typing import Any

import torch
from torch import Tensor, nn

from helpers.checks.gpu.timed_device import TimedDevice
from helpers.checks.probe_models import RecordingModel
from helpers.line.callbacks import Callback
from helpers.simulator import SimulatedModel, SimulatedTensor
from helpers.simulator.accelerator import SIMULATED_DEVICE
from helpers.simulator.model import read_device


class AcceleratorStub:
    """Stands beside an answer for the accelerator, and passes on what happens."""

    device = SIMULATED_DEVICE

    def __init__(self, timed: TimedDevice) -> None:
        self.note, self.take_logits = Callback(timed.note), Callback(timed.take_logits)
        self.move, self.copy = Callback(timed.move), Callback(timed.copy)

    def launch(self, duration_ms: float) -> None:
        """Do nothing: the call's time has begun with its note."""

    compute_on_host = launch

    def reserve(self, megabytes: float) -> None:
        """Do nothing: memory plays no part."""


class NotedSimulatedModel(SimulatedModel):
    """The notebook's simulated model, which reports its calls and its moves, and is told no durations."""

    accelerator: AcceleratorStub

    def __init__(self, stub: AcceleratorStub) -> None:
        super().__init__(stub, photo_ms=0.0, cpu_photo_ms=0.0, slow_calls=0, slow_ms=0.0, weights_mb=0.0)

    def to(self, device: str | torch.device, *, non_blocking: bool = False) -> "NotedSimulatedModel":  # type: ignore[override]  # as above it
        """Move the model to `device`, and return it."""
        if (device := read_device(device, self.accelerator)) != self.weight.device:
            self.accelerator.move()
            self.weight = nn.Parameter(torch.zeros(1, device=device), requires_grad=self.weight.requires_grad)
        return self

    def forward(self, photos: SimulatedTensor) -> SimulatedTensor:
        """Report this call, then let the simulation go on."""
        state = {
            "photo_device": photos.device.type,
            "model_device": self.weight.device.type,
            "in_training": any(module.training for module in self.modules()),
            "is_recorded": torch.is_grad_enabled() and self.weight.requires_grad,
        }
        self.accelerator.note(torch.empty(photos.shape, device="meta"), state)
        return super().forward(photos)


class MovingTensor(Tensor):
    """A real tensor that reports its moves; moved back it holds zeros."""

    stub: AcceleratorStub | None = None

    def belong_to(self, stub: AcceleratorStub) -> "MovingTensor":
        """Say to whom a move is reported."""
        self.stub = stub
        return self

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        """Move as any tensor does."""
        try:
            moved = super().to(*args, **kwargs)
        except NotImplementedError:  # torch's own: a tensor without numbers cannot come back
            return self.cpu()
        if self.stub is None or moved.device == self.device:
            return moved
        self.stub.move()
        return moved.belong_to(self.stub)  # type: ignore[attr-defined]  # torch keeps the class

    def cpu(self) -> Tensor:  # type: ignore[override]  # the memory format plays no part
        """Wait for the queue and copy the result back, which has a few numbers only and takes next to no time."""
        if self.stub is not None and self.is_meta:
            self.stub.copy(0.0)
        return torch.zeros(self.shape) if self.is_meta else super().cpu()


class TimedModel(RecordingModel):
    """A real model with BatchNorm and dropout, with the numbers of another one, that also reports its moves."""

    def __init__(self, like: RecordingModel, timed: TimedDevice, stub: AcceleratorStub) -> None:
        norm, head = like.norm, like.head.state_dict()
        super().__init__(head["weight"], head["bias"], mean=norm.running_mean, variance=norm.running_var, log=timed)
        self.stub = stub

    def to(self, *args: Any, **kwargs: Any) -> "TimedModel":
        """Move as any model does."""
        before = self.head.weight.device
        super().to(*args, **kwargs)
        if self.head.weight.device != before:
            self.stub.move()
        return self

    def compute(self, photos: Tensor, sent: Tensor | None) -> Tensor:
        """Give the logits, and report them if they have numbers. Without, BatchNorm would cost time for nothing."""
        logits = self.head(photos.mean((2, 3))) if photos.is_meta else super().compute(photos, sent)
        if not logits.is_meta:
            self.stub.take_logits(logits)
        return logits.as_subclass(MovingTensor).belong_to(self.stub)
