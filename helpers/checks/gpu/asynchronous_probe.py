"""A model and a batch for a benchmark, of the notebook's simulated classes or of torch's own."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from helpers.checks.gpu.timed_device import PHOTOS, TimedCase, TimedDevice
from helpers.checks.gpu.timed_models import AcceleratorStub, MovingTensor, NotedSimulatedModel, TimedModel
from helpers.checks.probe_models import Call, ModelLog, RecordingModel, make_probe
from helpers.simulator import SimulatedModel, SimulatedTensor

CLASSES = 4


@dataclass(frozen=True)
class TimedProbe:
    """A model and a batch on the CPU, which lie beside the answer, and the device that hears what happens to them.

    logits: what the model gives for the batch in eval mode; None for a simulated one, which has no numbers.
    """

    model: SimulatedModel | RecordingModel
    batch: SimulatedTensor | Tensor
    timed: TimedDevice
    logits: np.ndarray | None = None

    @property
    def calls(self) -> list[Call]:
        """The calls of the model so far."""
        return self.timed.log.calls


def make_simulated_probe(case: TimedCase) -> TimedProbe:
    """Make the probe of one case, of the notebook's simulated classes."""
    timed = TimedDevice(case, ModelLog(), simulated=True)
    stub = AcceleratorStub(timed)
    return TimedProbe(NotedSimulatedModel(stub), SimulatedTensor(PHOTOS, 3, 224, 224, accelerator=stub), timed)


def make_timed_probe(case: TimedCase) -> TimedProbe:
    """Make the probe of one case, of torch's own classes."""
    probe = make_probe(PHOTOS, CLASSES, seed=case.seed)
    timed = TimedDevice(case, probe.log, simulated=False)
    stub = AcceleratorStub(timed)
    batch = probe.photos.as_subclass(MovingTensor).belong_to(stub)
    return TimedProbe(TimedModel(probe.model, timed, stub), batch, timed, probe.compute_logits())
