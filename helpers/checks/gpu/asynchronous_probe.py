"""Models and tensors that note how a benchmark treats them; their durations are known, on the simulated clock."""

from dataclasses import dataclass

import torch
from torch import Tensor

from helpers.checks.probe_models import Call, CallLog, RecordingModel
from helpers.simulator import SimulatedAccelerator, SimulatedModel, SimulatedTensor

PHOTOS = 8


@dataclass(frozen=True)
class TimedCase:
    """One benchmark whose result is known: `call_ms` milliseconds a call.

    The first `warmup` calls last `slow_ms` longer. Moving the model or the batch takes `copy_ms`. A device that
    is blocking works while the host waits, so that nothing is ever left in its queue.
    """

    call_ms: float
    warmup: int
    iterations: int
    device: str = "meta"
    slow_ms: float = 50.0
    copy_ms: float = 5.0
    blocking: bool = False


@dataclass(frozen=True)
class TimedProbe:
    """A model and a batch on the CPU, and the accelerator whose clock and timeline tell what happens to them."""

    accelerator: SimulatedAccelerator
    model: SimulatedModel | RecordingModel
    batch: SimulatedTensor | Tensor
    calls: CallLog


class NotedSimulatedModel(SimulatedModel):
    """The notebook's simulated model, with a log of its calls."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.calls = CallLog()

    def forward(self, photos: SimulatedTensor) -> SimulatedTensor:
        """Note this call, then let the simulation go on."""
        is_recorded = torch.is_grad_enabled() and self.weight.requires_grad
        places = photos.device.type, self.weight.device.type
        self.calls.append(Call(tuple(photos.shape), torch.float32, *places, self.training, is_recorded))
        return super().forward(photos)


class MovingTensor(Tensor):
    """A real tensor; moving it takes simulated time, and moved back it holds zeros."""

    case: TimedCase | None = None
    accelerator: SimulatedAccelerator | None = None

    def belong_to(self, case: TimedCase, accelerator: SimulatedAccelerator) -> "MovingTensor":
        """Say on whose clock a move takes its time."""
        self.case, self.accelerator = case, accelerator
        return self

    def to(self, *args, **kwargs) -> Tensor:
        """Move as any tensor does."""
        try:
            moved = super().to(*args, **kwargs)
        except NotImplementedError:  # torch's own: a tensor without numbers cannot come back
            return self.cpu()
        if self.accelerator is None or moved.device == self.device:
            return moved
        self.accelerator.copy(self.case.copy_ms)
        return moved.belong_to(self.case, self.accelerator)

    def cpu(self) -> Tensor:
        """Wait for the queue and copy the result back, which has a few numbers only and takes next to no time."""
        if self.accelerator is not None and self.is_meta:
            self.accelerator.copy(0.0)
        return torch.zeros(self.shape) if self.is_meta else super().cpu()


class TimedModel(RecordingModel):
    """A real model with BatchNorm and dropout; each call takes simulated time."""

    def __init__(self, case: TimedCase, accelerator: SimulatedAccelerator) -> None:
        zeros = torch.zeros(3)
        super().__init__(torch.ones(4, 3), torch.zeros(4), mean=zeros, variance=zeros + 1)
        self.case, self.accelerator = case, accelerator

    def to(self, *args, **kwargs) -> "TimedModel":
        """Move as any model does."""
        before = self.head.weight.device
        super().to(*args, **kwargs)
        if self.head.weight.device != before:
            self.accelerator.copy(self.case.copy_ms)
        return self

    def compute(self, photos: Tensor) -> Tensor:
        """Give the logits at once, and let the time pass or the queue grow."""
        logits = super().compute(photos).as_subclass(MovingTensor).belong_to(self.case, self.accelerator)
        slow_ms = self.case.slow_ms if len(self.calls) <= self.case.warmup else 0.0
        if not photos.is_meta:
            self.accelerator.compute_on_host(self.case.call_ms + slow_ms)
            return logits
        self.accelerator.launch(self.case.call_ms + slow_ms)
        if self.case.blocking:
            self.accelerator.synchronize()
        return logits


def make_timed_probe(case: TimedCase, *, simulated: bool) -> TimedProbe:
    """Make the probe of one case: of the notebook's simulated classes, or of torch's own."""
    accelerator = SimulatedAccelerator(copy_gb_per_s=1.0)  # so that x megabytes take x milliseconds
    if simulated:
        costs = {"photo_ms": case.call_ms / PHOTOS, "cpu_photo_ms": case.call_ms / PHOTOS, "slow_ms": case.slow_ms}
        model = NotedSimulatedModel(accelerator, slow_calls=case.warmup, weights_mb=case.copy_ms, **costs)
        batch = SimulatedTensor(PHOTOS, 3, 224, 224, accelerator=accelerator)
    else:
        model = TimedModel(case, accelerator)
        batch = torch.rand(PHOTOS, 3, 6, 5).as_subclass(MovingTensor).belong_to(case, accelerator)
    return TimedProbe(accelerator, model, batch, model.calls)
