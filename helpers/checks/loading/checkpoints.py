"""Checkpoint files for the checks of notebook 02: ordinary ones, one from a GPU, and one that holds a program."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

_programs_run: list[str] = []


class ProbeNet(nn.Module):
    """A small model with all that a real one has: boxes of layers, BatchNorm, dropout, a last layer."""

    def __init__(self, *, channels: int, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, channels, 3), nn.BatchNorm2d(channels), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(channels, classes))

    def forward(self, batch: Tensor) -> Tensor:
        """Return logits [N, classes] for a batch [N, 3, H, W]."""
        return self.head(self.features(batch).mean(dim=(2, 3)))


def make_numbers(model: nn.Module) -> dict[str, Tensor]:
    """Make a state dict that fits `model`, with numbers that no new model has."""
    return {
        name: torch.rand_like(value) + 1.5 if value.is_floating_point() else torch.full_like(value, 7)
        for name, value in model.state_dict().items()
    }


def save_as_from_gpu(numbers: dict[str, Tensor], path: Path) -> None:
    """Save a state dict as a machine with a GPU would: the file says that every tensor lay on `cuda:0`."""
    with mock.patch.object(torch.serialization, "location_tag", return_value="cuda:0"):
        torch.save(numbers, path)


def hide_gpu() -> Any:
    """Give a context in which PyTorch finds no NVIDIA GPU, whatever this machine has."""
    return mock.patch("torch.cuda.is_available", return_value=False)


def save_with_program(numbers: dict[str, Tensor], path: Path) -> None:
    """Save a state dict in a file that runs a program when it is loaded without care.

    The program is harmless: it adds one word to a list in this module, then gives the state dict.
    """
    torch.save(_Parcel(numbers), path)


def count_programs_run() -> int:
    """Return how many programs of such files have run so far in this process."""
    return len(_programs_run)


class _Parcel:
    """Tells pickle to call `_run_program` in order to rebuild it."""

    def __init__(self, numbers: dict[str, Tensor]) -> None:
        self.numbers = numbers

    def __reduce__(self) -> tuple[Callable, tuple[dict[str, Tensor]]]:
        return _run_program, (self.numbers,)


def _run_program(numbers: dict[str, Tensor]) -> dict[str, Tensor]:
    _programs_run.append("ran")
    return numbers
