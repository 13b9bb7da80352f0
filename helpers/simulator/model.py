"""Tensors and models for the simulated accelerator: shapes, durations and memory, no numbers and no arithmetic."""

import math
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import nn

BYTES_A_NUMBER = 4  # float32
CLASSES = 1000
SHORTEST_KERNEL_MS = 0.005  # a piece of work lasts at least so long, however little there is to do


class Accelerator(Protocol):
    """What the models and tensors of a simulation ask of its accelerator."""

    @property
    def device(self) -> str:
        """The name of the device."""

    def reserve(self, megabytes: float) -> object:
        """Take memory, as long as what is given back lives."""

    def copy(self, megabytes: float) -> object:
        """Copy between host and device."""

    def launch(self, duration_ms: float) -> object:
        """Put a piece of work into the queue."""

    def compute_on_host(self, duration_ms: float) -> object:
        """Let the host compute."""


class SimulatedTensor:
    """A tensor with a shape, on "cpu" or on the simulated device; it holds no numbers."""

    def __init__(self, *shape: int, accelerator: Accelerator, device: str | torch.device = "cpu") -> None:
        self.shape, self.accelerator, self.device = torch.Size(shape), accelerator, read_device(device, accelerator)
        self.megabytes = math.prod(shape) * BYTES_A_NUMBER / 1e6
        self._memory = accelerator.reserve(self.megabytes) if self.device.type != "cpu" else None

    def to(self, device: str | torch.device, *, non_blocking: bool = False) -> "SimulatedTensor":
        """Return this tensor if it is on `device`, else a copy there, which takes its time."""
        if read_device(device, self.accelerator) == self.device:
            return self
        self.accelerator.copy(self.megabytes)
        return SimulatedTensor(*self.shape, accelerator=self.accelerator, device=device)

    def cpu(self) -> "SimulatedTensor":
        """Return this tensor on the CPU: waits for all work in the queue, then copies."""
        return self.to("cpu")

    def split(self, size: int) -> list["SimulatedTensor"]:
        """Cut a tensor on the CPU along its first dimension into parts of `size`; the last may be shorter."""
        sizes = [min(size, len(self) - start) for start in range(0, len(self), size)]
        return [SimulatedTensor(part, *self.shape[1:], accelerator=self.accelerator) for part in sizes]

    def __len__(self) -> int:
        return self.shape[0]

    def __repr__(self) -> str:
        return f"SimulatedTensor(shape={list(self.shape)}, device={str(self.device)!r}, no numbers)"


class SimulatedModel(nn.Module):
    """Takes as long as it is told, on the host or on the device.

    photo_ms: what one photo costs on the device. cpu_photo_ms: what it costs on the CPU.
    kernels: of how many pieces of work one call consists; the host launches each of them.
    slow_calls: so many first calls on the device last `slow_ms` longer.
    weights_mb: what the model's numbers take. layer_mb: what each layer needs for one photo while the model runs.
    """

    def __init__(
        self,
        accelerator: Accelerator,
        *,
        photo_ms: float,
        cpu_photo_ms: float = 10.0,
        kernels: int = 1,
        slow_calls: int = 1,
        slow_ms: float = 50.0,
        weights_mb: float = 100.0,
        layer_mb: Sequence[float] = (),
    ) -> None:
        super().__init__()
        self.accelerator, self.photo_ms, self.cpu_photo_ms, self.kernels = accelerator, photo_ms, cpu_photo_ms, kernels
        self.slow_calls, self.slow_ms = slow_calls, slow_ms
        self.weights_mb, self.layer_mb = weights_mb, tuple(layer_mb)
        self.weight = nn.Parameter(torch.zeros(1))  # stands for all numbers of the model, and tells where they are
        self._memory: object | None = None  # what they take on the device

    def to(self, device: str | torch.device, *, non_blocking: bool = False) -> "SimulatedModel":  # type: ignore[override]  # by device alone
        """Move the model to `device`, and return it."""
        if (device := read_device(device, self.accelerator)) != self.weight.device:
            self._memory = self.accelerator.reserve(self.weights_mb) if device.type != "cpu" else None
            self.accelerator.copy(self.weights_mb)
            self.weight = nn.Parameter(torch.zeros(1, device=device), requires_grad=self.weight.requires_grad)
        return self

    def forward(self, photos: SimulatedTensor) -> SimulatedTensor:
        """Let the time pass, or the queue grow, that a batch [N, ...] takes; gives scores of shape [N, 1000]."""
        if photos.device != self.weight.device:
            raise RuntimeError(f"Tensor on device {photos.device} is not on the expected device {self.weight.device}!")
        if photos.device.type == "cpu":
            self.accelerator.compute_on_host(len(photos) * self.cpu_photo_ms)
        else:
            self._run_on_device(len(photos))
        return SimulatedTensor(len(photos), CLASSES, accelerator=self.accelerator, device=photos.device)

    def _run_on_device(self, photos: int) -> None:
        layers = []  # what the layers need stays in use until this method ends
        for megabytes in self.layer_mb:
            layers.append(self.accelerator.reserve(photos * megabytes))
        slow_ms = self.slow_ms if self.slow_calls > 0 else 0.0
        self.slow_calls -= 1
        for _ in range(self.kernels):
            self.accelerator.launch(slow_ms + max(SHORTEST_KERNEL_MS, photos * self.photo_ms / self.kernels))
            slow_ms = 0.0

    def extra_repr(self) -> str:
        """Say in `print(model)` what this model is."""
        return f"simulated: {self.photo_ms} ms a photo on the device, {self.cpu_photo_ms} ms on the CPU"


def read_device(device: str | torch.device, accelerator: Accelerator) -> torch.device:
    """Turn a name into a torch.device; RuntimeError unless it is "cpu" or the simulated device."""
    kind = torch.device(device).type
    if kind not in ("cpu", accelerator.device):
        raise RuntimeError(f"The simulation has the devices cpu and {accelerator.device}, and no {str(device)!r}.")
    return torch.device(kind)
