"""A simulated accelerator for those without a graphics card: a queue, a clock, a memory, and nothing measured."""

from helpers.simulator.accelerator import SimulatedAccelerator, SimulatedSpan
from helpers.simulator.model import SimulatedModel, SimulatedTensor

__all__ = ["SimulatedAccelerator", "SimulatedModel", "SimulatedSpan", "SimulatedTensor"]
