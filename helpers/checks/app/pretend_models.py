"""Small models that stand in for real ones while an app is checked: nothing is downloaded, every answer is known.

They come in below `models.load_classifier`, so that it does not matter how a program imports that function.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import torch
from PIL import Image
from torch import Tensor
from torchvision.transforms import InterpolationMode

from helpers import models
from helpers.checks.probe_models import RecordingModel
from helpers.checks.probe_preprocess import RecordingPreprocess

COLOURS = {"red": (210, 40, 30), "green": (40, 190, 30), "blue": (30, 60, 200)}
SIDE = 8  # pixels of what the preprocessing gives
_FILES = {"red": ("RGB", "jpg"), "green": ("RGBA", "png"), "blue": ("P", "gif")}  # as a camera, a screenshot, the web


@dataclass(frozen=True)
class PretendModel:
    """A model as data: its class names, and for a photo of each colour the probability of every class."""

    labels: Sequence[str]
    shares: Mapping[str, Sequence[float]]


def _do_nothing(step: str) -> None: ...


class ColourModel(RecordingModel):
    """Gives the logits that `pretend` has for the strongest colour of each photo; on "meta", those for red.

    step: called with "model" during every run. With `stays=True` a move is noted in `moves` and not done.
    """

    def __init__(
        self, pretend: PretendModel, *, step: Callable[[str], None] = _do_nothing, stays: bool = False
    ) -> None:
        classes, zeros = len(pretend.labels), torch.zeros(3)
        super().__init__(torch.zeros(classes, 3), torch.zeros(classes), mean=zeros, variance=zeros + 1)
        self.logits = torch.tensor([pretend.shares[colour] for colour in COLOURS]).log() + 2  # no buffer: never moves
        self.step, self.stays = step, stays
        self.moves: list[str] = []

    def to(self, *args, **kwargs) -> "ColourModel":
        """Move, or note the kind of device only."""
        for value in (*args, *kwargs.values()):
            if isinstance(value, str | torch.device):
                self.moves.append(torch.device(value).type)
            elif isinstance(value, int) and not isinstance(value, bool):
                self.moves.append("cuda")
        return self if self.stays else super().to(*args, **kwargs)

    def cuda(self, device: int | None = None) -> "ColourModel":
        """Move as `to("cuda")` does."""
        return self.to("cuda" if device is None else f"cuda:{device}")

    def compute(self, photos: Tensor) -> Tensor:
        """Give the logits [N, classes], always on the CPU, if photos and model are on one device."""
        devices = {photos.device.type, self.head.weight.device.type}
        if len(devices) > 1:
            raise RuntimeError(f"Expected all tensors to be on the same device, but found {sorted(devices)}")
        if photos.ndim != 4:
            raise ValueError(f"expected 4D input (got {photos.ndim}D input)")
        self.step("model")
        if photos.device.type == "meta":
            return self.logits[:1].expand(len(photos), -1)
        return self.logits[photos.mean(dim=(2, 3)).argmax(dim=1).cpu()]


class PretendPreprocess(RecordingPreprocess):
    """Turns an RGB photo into a float tensor [3, 8, 8], notes its mode, and calls `step` when done."""

    resize_size, crop_size, interpolation = [SIDE], [SIDE], InterpolationMode.BILINEAR
    mean, std = (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)

    def __init__(self, step: Callable[[str], None] = _do_nothing) -> None:
        super().__init__()
        self.step = step

    def compute(self, image: Image.Image) -> Tensor:
        """Shrink the photo first."""
        tensor = super().compute(image.resize((SIDE, SIDE)))
        self.step("preprocess")
        return tensor


@dataclass
class Loads:
    """What came through `models.load_classifier`, in order; `last` is the newest model with its preprocessing."""

    pretends: Mapping[str, PretendModel]
    step: Callable[[str], None] = _do_nothing
    stays: bool = False
    names: list[str] = field(default_factory=list)
    last: tuple[ColourModel, PretendPreprocess] | None = None

    def load(self, name: str, weights: str | None) -> tuple:
        """Give what helpers.models expects of a loader; a name without a model of its own gets the first one."""
        pretend = self.pretends.get(name) or next(iter(self.pretends.values()))
        self.names.append(name)
        self.last = ColourModel(pretend, step=self.step, stays=self.stays), PretendPreprocess(self.step)
        return *self.last, list(pretend.labels), "made up for a check"


@contextlib.contextmanager
def pretend_models(
    pretends: Mapping[str, PretendModel], *, step: Callable[[str], None] = _do_nothing, stays: bool = False
) -> Iterator[Loads]:
    """Let `models.load_classifier` give small models; unknown names are still refused.

    step: called with "preprocess" and "model" when these have their turn. stays: models note moves only.
    """
    loads = Loads(pretends, step, stays)
    with (
        patch.object(models, "_load_embedded", loads.load),
        patch.object(models, "_load_from_torchvision", loads.load),
    ):
        yield loads


def write_photos(folder: Path) -> dict[str, Path]:
    """Write a red, a green and a blue photo of different sizes and modes into `folder`; return their paths."""
    paths = {}
    for number, (colour, (mode, ending)) in enumerate(_FILES.items()):
        paths[colour] = folder / f"{colour}.{ending}"
        Image.new("RGB", (20 + 7 * number, 31 - 5 * number), COLOURS[colour]).convert(mode).save(paths[colour])
    return paths
