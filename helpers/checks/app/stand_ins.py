"""What stands beside an answer for real models and their preprocessing: it knows no answers, the check sends them.

They come in below `models.load_classifier`, so that it does not matter how a program imports that function.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import torch
from PIL import Image
from torch import Tensor, nn
from torchvision.transforms import InterpolationMode

from helpers import models
from helpers.checks.probe_models import FixedAnswerModel, ModelLog
from helpers.line.callbacks import Callback
from helpers.models import loading

SIDE = 8  # pixels of what the preprocessing gives


@dataclass(frozen=True)
class Parts:
    """What a pretended model is made of: its class names, and functions of the check.

    report: told of every run, gives the logits. preprocess: gives a photo's tensor. note_move: told of every move,
    which is then not done; None for a model that moves. shows_mode: whether training mode spoils the logits.
    """

    labels: tuple[str, ...]
    report: Callback
    preprocess: Callback
    note_move: Callback | None = None
    shows_mode: bool = False

    def build(self) -> tuple:
        """Give what helpers.models.loading expects of a loader."""
        return StandInModel(self), StandInPreprocess(self.preprocess), list(self.labels), "made up for a check"


class StandInModel(FixedAnswerModel):
    """A model that reports each run to the check, and gives the logits that come back, always on the CPU."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(len(parts.labels), ModelLog(), shows_mode=parts.shows_mode)
        self._report, self._note_move = parts.report, parts.note_move

    def to(self, *args: Any, **kwargs: Any) -> "StandInModel":
        """Move, or tell the check the kind of device only."""
        if self._note_move is None:
            return super().to(*args, **kwargs)
        for value in (*args, *kwargs.values()):
            if isinstance(value, str | torch.device):
                self._note_move(torch.device(value).type)
            elif isinstance(value, int) and not isinstance(value, bool):
                self._note_move("cuda")
        return self

    def cuda(self, device: int | None = None) -> "StandInModel":  # type: ignore[override]  # a number, as people write
        """Move as `to("cuda")` does."""
        return self.to("cuda" if device is None else f"cuda:{device}")

    def compute(self, photos: Tensor, sent: Tensor | None) -> Tensor:
        """Give the logits [N, classes], if photos and model are on one device and the photos are a batch."""
        logits = super().compute(photos, sent)
        if photos.ndim != 4:
            raise ValueError(f"expected 4D input (got {photos.ndim}D input)")
        return logits


class StandInPreprocess:
    """Sends each photo to the check, and gives the float tensor [3, 8, 8] that comes back."""

    resize_size, crop_size, interpolation = [SIDE], [SIDE], InterpolationMode.BILINEAR
    mean, std = (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)

    def __init__(self, preprocess: Callback) -> None:
        self._preprocess = preprocess

    def __call__(self, image: Image.Image) -> Tensor:
        """Return the tensor of a photo, or raise what a real preprocessing would."""
        return self._preprocess(image)


@contextlib.contextmanager
def replace_loader(load: Callable[[str, str | None], Parts]) -> Iterator[None]:
    """Let `models.load_classifier` give what `load(name, weights)` says; unknown names are still refused."""

    def build(name: str, weights: str | None) -> tuple:
        return load(name, weights).build()

    with patch.object(loading, "_load_embedded", build), patch.object(loading, "_load_from_torchvision", build):
        yield


def build_classifier(name: str, parts: Parts) -> models.Classifier:
    """Build a classifier as `models.load_classifier(name)` gives it."""
    with replace_loader(lambda name, weights: parts):
        return models.load_classifier(name)


def call_with_classifiers(
    answer: Callable, *, candidates: Sequence[tuple], photos: list[tuple], clock: Callback
) -> Any:
    """Observer: call the answer with classifiers; of each is given: name, parts, number and type of its parameters."""
    classifiers = []
    for name, parts, numbers, dtype in candidates:
        classifiers.append(build_classifier(name, parts))
        classifiers[-1].model.ballast = nn.Parameter(torch.zeros(numbers, dtype=dtype))
    return answer(classifiers, photos, clock)
