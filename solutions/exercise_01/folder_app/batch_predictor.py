"""A model with its own reading of photos: classify a batch of files, bad ones among them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from fast_reading import normalize_pixels, read_pixels
from torch import Tensor

from helpers import models
from helpers.images import ImageError


class EngineError(RuntimeError):
    """The photos cannot be classified with these settings; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """What to run, and how.

    weights: as in models.load_classifier. compile: whether torch.compile makes the model faster first.
    batch_size: photos in one call of the model. workers: processes (on a graphics card: threads) at work.
    """

    model: str
    weights: str | None = "DEFAULT"
    device: str = "cpu"
    compile: bool = False
    batch_size: int = 8
    workers: int = 1
    top_k: int = 1


@dataclass(frozen=True)
class Answer:
    """What one photo shows: `predictions` from the most probable on, as dictionaries with the keys "class",
    "probability" and "class_id"; none if there is an `error`, which is a sentence.
    """

    path: Path
    predictions: tuple[dict, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class BatchRead:
    """Photos that were read: uint8 `pixels` [N, 3, crop, crop], one error for each of the other files."""

    paths: Sequence[Path]
    pixels: Tensor
    errors: dict[int, str]
    reading_s: float


@dataclass(frozen=True)
class BatchAnswer:
    """One answer for each file, in order, and the seconds that reading and the model took."""

    answers: tuple[Answer, ...]
    reading_s: float
    model_s: float


class BatchPredictor:
    """A model, ready to classify; `compile_s` are the seconds that torch.compile took, 0 without it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._classifier = models.load_classifier(settings.model, weights=settings.weights)
        self._model = self._classifier.model.to(settings.device, memory_format=torch.channels_last)
        self.compile_s = self._compile() if settings.compile else 0.0

    def classify(self, paths: Sequence[Path]) -> BatchAnswer:
        """Read the photos and classify them."""
        return self.predict(self.read(paths))

    def read(self, paths: Sequence[Path]) -> BatchRead:
        """Read the photos; what cannot be read becomes an error, and the rest goes on."""
        start = time.perf_counter()
        crop = self._classifier.expects.crop_size
        pixels, errors = [torch.empty(0, 3, crop, crop, dtype=torch.uint8)], {}
        for place, path in enumerate(paths):
            try:
                pixels.append(read_pixels(path, self._classifier.expects)[None])
            except ImageError as error:
                errors[place] = " ".join(str(error).split())
            except (RuntimeError, MemoryError):  # a photo of 1 x 60000 pixels, say, that grows when resized
                errors[place] = f"{path.name} cannot be resized: give it a more usual shape first."
        return BatchRead(paths, torch.cat(pixels), errors, time.perf_counter() - start)

    def predict(self, read: BatchRead) -> BatchAnswer:
        """Classify photos that were read."""
        start = time.perf_counter()
        probabilities, class_ids = self.compute_logits(read.pixels).softmax(dim=1).topk(self._settings.top_k)
        rows = zip(probabilities.tolist(), class_ids.tolist(), strict=True)  # waits for a graphics card
        model_s = time.perf_counter() - start
        answers = (
            Answer(path, error=read.errors[place]) if place in read.errors else Answer(path, self._name(*next(rows)))
            for place, path in enumerate(read.paths)
        )
        return BatchAnswer(tuple(answers), read.reading_s, model_s)

    @torch.no_grad()
    def compute_logits(self, pixels: Tensor) -> Tensor:
        """Run the model: uint8 [N, 3, crop, crop] in, logits [N, classes] out. N may be 0."""
        number = len(pixels)
        if number < self._settings.batch_size and (self._settings.compile or number == 0):
            filling = pixels.new_zeros(self._settings.batch_size - number, *pixels.shape[1:])
            pixels = torch.cat([pixels, filling])  # compiled code is made for one batch size
        inputs = normalize_pixels(pixels.to(self._settings.device), self._classifier.expects)
        return self._model(inputs.contiguous(memory_format=torch.channels_last))[:number]

    def _compile(self) -> float:
        start = time.perf_counter()
        on_processor = self._settings.device == "cpu"
        self._model = torch.compile(self._model, options={"freezing": True} if on_processor else None)
        try:
            crop = self._classifier.expects.crop_size
            self.compute_logits(torch.zeros(self._settings.batch_size, 3, crop, crop, dtype=torch.uint8))
        except Exception as error:  # of many kinds: no C++ compiler, none that works, an operation not covered
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise EngineError(
                f"torch.compile does not work here ({reason}): install a C++ compiler, or leave --compile out."
            ) from None
        return time.perf_counter() - start

    def _name(self, probabilities: Sequence[float], class_ids: Sequence[int]) -> tuple[dict, ...]:
        labels = self._classifier.labels  # empty for a model that is not trained
        return tuple(
            {"class": labels[number] if labels else f"class {number}", "probability": share, "class_id": number}
            for share, number in zip(probabilities, class_ids, strict=True)
        )
