"""Checkpoint files for the checks of notebook 02: ordinary ones, one from a GPU, and one that holds a program."""

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

_bells: list[Callable[[], Any]] = []


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


def pack(content: Any) -> bytes:
    """Return the bytes of a file in which this is saved."""
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()


def pack_as_from_gpu(numbers: dict[str, Tensor]) -> bytes:
    """Pack a state dict as a machine with a GPU would: the file says that every tensor lay on `cuda:0`."""
    with mock.patch.object(torch.serialization, "location_tag", return_value="cuda:0"):
        return pack(numbers)


def pack_with_program(numbers: dict[str, Tensor]) -> bytes:
    """Pack a state dict into a file that runs a program when it is loaded without care.

    The program is harmless: it rings the bell of `hear_programs`, then gives the state dict.
    """
    return pack(_Parcel(numbers))


@contextlib.contextmanager
def hear_programs(bell: Callable[[], Any]) -> Iterator[None]:
    """Have `bell` called whenever the program of such a file runs in this process."""
    _bells.append(bell)
    try:
        yield
    finally:
        _bells.remove(bell)


class _Parcel:
    """Tells pickle to call `_run_program` in order to rebuild it."""

    def __init__(self, numbers: dict[str, Tensor]) -> None:
        self.numbers = numbers

    def __reduce__(self) -> tuple[Callable, tuple[dict[str, Tensor]]]:
        return _run_program, (self.numbers,)


def _run_program(numbers: dict[str, Tensor]) -> dict[str, Tensor]:
    for bell in _bells:
        bell()
    return numbers
