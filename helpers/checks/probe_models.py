"""Small models that report, inside `forward`, how they are called; the log of their calls lies with the check.

A report is made in `forward` and not in a hook, so that `model.forward(x)` counts as well, and during the call and
not after it, so that a switch that was set too late is seen. What a report gets back is part of the answer: a call
that the check has not seen gives other logits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from helpers.line.callbacks import Callback

SAME_PHOTO = 1e-4  # largest difference of a value
LOST = 100.0  # in either direction: what training mode adds to a logit of a model that shows its mode
MAX_PHOTOS = 1_000  # in one call
MAX_CALLS, MAX_VALUES = 2_000, 20_000_000  # of one model; no task needs a hundredth


@dataclass(frozen=True)
class Call:
    """One run of a model's `forward`: what came in, and in which state the model said to be."""

    photos: Tensor
    photo_device: str
    model_device: str
    in_training: bool  # at least one layer was in training mode
    is_recorded: bool  # autograd kept a graph

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what came in."""
        return tuple(self.photos.shape)

    @property
    def dtype(self) -> torch.dtype:
        """The type of the numbers that came in."""
        return self.photos.dtype


class ModelLog:
    """Notes each call of a model, on the side of the check. `answer` says what the model is sent back."""

    def __init__(self, answer: Callable[[Tensor], Tensor | None] = lambda photos: None) -> None:
        self.calls: list[Call] = []
        self._answer, self._room = answer, MAX_VALUES

    def note(self, photos: object, state: dict) -> Tensor | None:
        """Note a call with `photos`, and return what belongs to the answer."""
        if not isinstance(photos, Tensor):
            raise TypeError(f"the model takes a tensor, not {type(photos).__name__}")
        self._room -= 0 if photos.is_meta else photos.numel()
        if self._room < 0 or len(self.calls) >= MAX_CALLS:
            raise RuntimeError("the model was called far more often, or with far more photos, than any task asks for")
        devices = str(state["photo_device"]), str(state["model_device"])
        self.calls.append(Call(photos, *devices, bool(state["in_training"]), bool(state["is_recorded"])))
        return self._answer(photos)


class Notes(Protocol):
    """Hears of each call of a model."""

    def note(self, photos: object, state: dict) -> Tensor | None:
        """Note a call with `photos`, and return what belongs to the answer."""


class RecordingModel(nn.Module):
    """A nested classifier with BatchNorm and dropout, small enough to know its answers by arithmetic.

    weight: tensor [classes, 3], bias: tensor [classes], of the last layer; before it each channel is reduced
    to its mean. mean, variance: tensors [3], what BatchNorm has learned. It starts in training mode. What `log`
    gives back for a call is added to the logits.
    """

    def __init__(self, weight: Tensor, bias: Tensor, *, mean: Tensor, variance: Tensor, log: Notes) -> None:
        super().__init__()
        self._report = Callback(log.note)
        norm = nn.BatchNorm2d(3)
        norm.running_mean.copy_(mean)  # type: ignore[union-attr]  # there unless it is switched off
        norm.running_var.copy_(variance)  # type: ignore[union-attr]  # likewise
        pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5))
        self.body = nn.Sequential(nn.Sequential(norm), pool)
        self.head = nn.Linear(3, len(weight))
        self.head.load_state_dict({"weight": weight, "bias": bias})

    def forward(self, photos: Tensor) -> Tensor:
        """Report this call, then give the logits [N, classes] of `photos` [N, 3, H, W]."""
        return self.compute(photos, self._report(photos, self.describe_state(photos)))

    @property
    def norm(self) -> Any:
        """The BatchNorm; a Sequential tells no more of its parts than that they are modules."""
        return self.body[0][0]  # type: ignore[index]  # a Sequential does not say what it holds

    def describe_state(self, photos: Tensor) -> dict[str, object]:
        """Return what is to be known about a call with `photos`, beside these."""
        parameters = list(self.parameters())
        recorded = torch.is_grad_enabled() and any(parameter.requires_grad for parameter in parameters)
        return {
            "photo_device": photos.device.type if isinstance(photos, Tensor) else "",
            "model_device": parameters[0].device.type,
            "in_training": any(module.training for module in self.modules()),
            "is_recorded": recorded,
        }

    def compute(self, photos: Tensor, sent: Tensor | None) -> Tensor:
        """Give the logits, with what the check sent added; errors are torch's own."""
        logits = self.head(self.body(photos))
        return logits if sent is None or logits.is_meta else logits + sent.to(logits)


class FixedAnswerModel(RecordingModel):
    """Gives what the check sends, on the CPU, whatever device it was moved to.

    With `shows_mode`, what was sent is lost in training mode, so that the answer itself tells the mode.
    """

    def __init__(self, classes: int, log: ModelLog, *, shows_mode: bool = False) -> None:
        zeros, self._shows_mode = torch.zeros(3), shows_mode
        super().__init__(torch.zeros(classes, 3), torch.zeros(classes), mean=zeros, variance=zeros + 1, log=log)

    def compute(self, photos: Tensor, sent: Tensor | None) -> Tensor:
        """Give the answer that was sent, if photos and model are on one device."""
        devices = {photos.device.type, self.head.weight.device.type}
        if len(devices) > 1:
            raise RuntimeError(f"Expected all tensors to be on the same device, but found {sorted(devices)}")
        if sent is None or not self._shows_mode:
            return sent  # type: ignore[return-value]  # nothing is sent for a call that ends in an error
        dropout = self.body[1][2]  # type: ignore[index]  # a Sequential tells no more than that it holds modules
        return sent + LOST * (dropout(torch.ones_like(sent)) - 1)  # in eval mode dropout changes nothing


@dataclass(frozen=True)
class ModelProbe:
    """A model with random numbers, float photos [N, 3, 13, 9] for it, and the log of its calls.

    `offsets` [N, classes] is what the log gives back for each photo: only a call tells it.
    """

    model: RecordingModel
    photos: Tensor
    offsets: Tensor
    log: ModelLog = field(repr=False)

    def compute_logits(self) -> np.ndarray:
        """Return the logits [N, classes] in eval mode by arithmetic, from what the model has learned."""
        numbers = {name: array.double().numpy() for name, array in self.model.state_dict().items()}
        means = self.photos.double().numpy().mean(axis=(2, 3))
        spread = np.sqrt(numbers["body.0.0.running_var"] + self.model.norm.eps)
        normalized = (means - numbers["body.0.0.running_mean"]) / spread
        return normalized @ numbers["head.weight"].T + numbers["head.bias"] + self.offsets.double().numpy()


def make_probe(photos: int, classes: int, *, seed: int) -> ModelProbe:
    """Make a model and photos for it: noise, each with a colour of its own."""
    random = torch.Generator().manual_seed(seed)
    weight, bias = torch.randn(classes, 3, generator=random), torch.randn(classes, generator=random)
    mean, variance = torch.rand(3, generator=random), 0.05 + torch.rand(3, generator=random) / 10
    colours = torch.rand(photos, 3, 1, 1, generator=random)
    images = colours + torch.rand(photos, 3, 13, 9, generator=random)
    others = np.random.default_rng([seed, 1])  # so that photos and model tell nothing about the offsets
    offsets = torch.from_numpy(others.random((photos, classes), dtype=np.float32))
    log = ModelLog(lambda seen: _find_offsets(seen, images, offsets))
    return ModelProbe(RecordingModel(weight, bias, mean=mean, variance=variance, log=log), images, offsets, log)


def _find_offsets(seen: Tensor, photos: Tensor, offsets: Tensor) -> Tensor | None:
    """Return the offsets of the photos in a batch; zeros for a photo that is none of ours."""
    if seen.is_meta or seen.ndim != 4 or seen.shape[1:] != photos.shape[1:] or len(seen) > MAX_PHOTOS:
        return None
    distances = (seen.detach().to(photos)[:, None] - photos[None]).abs().amax(dim=(2, 3, 4))
    nearest = distances.argmin(dim=1)
    known = distances.gather(1, nearest[:, None]) <= SAME_PHOTO
    return offsets[nearest] * known
