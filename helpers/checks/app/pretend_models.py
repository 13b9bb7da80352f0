"""Small models that stand in for real ones while an app is checked: nothing is downloaded, every answer is known.

What is known, and the log of all calls, stays with the check; `stand_ins` is what lies beside the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from helpers.checks.app.stand_ins import SIDE, Parts
from helpers.checks.class_seed import Draw
from helpers.checks.photo_files import save_photo
from helpers.checks.probe_models import ModelLog
from helpers.checks.probe_preprocess import RecordingPreprocess
from helpers.line.callbacks import Callback

COLOURS = {"red": (210, 40, 30), "green": (40, 190, 30), "blue": (30, 60, 200)}
_FILES = {"red": ("RGB", "jpg"), "green": ("RGBA", "png"), "blue": ("P", "gif")}  # as a camera, a screenshot, the web


@dataclass(frozen=True)
class PretendModel:
    """A model as data: its class names, and for a photo of each colour the probability of every class."""

    labels: Sequence[str]
    shares: Mapping[str, Sequence[float]]


def draw_model(draw: Draw, labels: Sequence[str], shares: Mapping[str, Sequence[float]]) -> PretendModel:
    """Make a model whose shares are drawn near these, in the same order for each colour."""
    return PretendModel(labels, {colour: draw.vary_shares(parts) for colour, parts in shares.items()})


def _do_nothing(step: str) -> None: ...


class SmallPreprocess(RecordingPreprocess):
    """Turns an RGB photo into a float tensor [3, 8, 8], notes its mode, and calls `step` when done."""

    def __init__(self, step: Callable[[str], None]) -> None:
        super().__init__()
        self._step = step

    def compute(self, image: Image.Image) -> Tensor:
        """Shrink the photo first."""
        tensor = super().compute(image.resize((SIDE, SIDE)))
        self._step("preprocess")
        return tensor


class Loaded:
    """A model that was loaded, on the side of the check: its logits, its calls, its moves, and its preprocessing.

    It gives the logits that `pretend` has for the strongest colour of each photo; on "meta", those for red.
    step: called with "preprocess" and "model" when these have their turn.
    """

    def __init__(self, pretend: PretendModel, step: Callable[[str], None] = _do_nothing) -> None:
        self._labels, self._step = tuple(pretend.labels), step
        self._logits = torch.tensor([pretend.shares[colour] for colour in COLOURS]).log() + 2
        self.log, self.preprocess = ModelLog(self._give_logits), SmallPreprocess(step)
        self.moves: list[str] = []

    def make_parts(self, *, stays: bool = False, shows_mode: bool = False) -> Parts:
        """Return what is made beside the answer; with `stays`, moves are noted and not done."""
        note_move = Callback(self.moves.append) if stays else None
        return Parts(self._labels, Callback(self.log.note), Callback(self.preprocess), note_move, shows_mode)

    def _give_logits(self, photos: Tensor) -> Tensor | None:
        if photos.ndim != 4:
            return None
        self._step("model")
        if photos.is_meta:
            return self._logits[:1].expand(len(photos), -1)
        return self._logits[photos.mean(dim=(2, 3)).argmax(dim=1)]


@dataclass
class Loads:
    """What came through `models.load_classifier`, in order; `last` is the newest model.

    stays: models that are loaded from now on note moves only. shows_mode: training mode spoils their logits.
    """

    pretends: Mapping[str, PretendModel]
    step: Callable[[str], None] = _do_nothing
    stays: bool = False
    shows_mode: bool = False
    names: list[str] = field(default_factory=list)
    last: Loaded | None = None

    def load(self, name: str, weights: str | None) -> Parts:
        """Note the name, and give the parts of its model; a name without a model of its own gets the first one."""
        self.names.append(name)
        self.last = Loaded(self.pretends.get(name) or next(iter(self.pretends.values())), self.step)
        return self.last.make_parts(stays=self.stays, shows_mode=self.shows_mode)


@cache
def make_photos() -> dict[str, tuple[str, bytes]]:
    """Return name and content of the files of a red, a green and a blue photo of different sizes and modes."""
    photos = {}
    for number, (colour, (mode, ending)) in enumerate(_FILES.items()):
        image = Image.new("RGB", (20 + 7 * number, 31 - 5 * number), COLOURS[colour]).convert(mode)
        photos[colour] = f"{colour}.{ending}", save_photo(image, f"{colour}.{ending}")
    return photos


def write_photos(folder: Path) -> dict[str, Path]:
    """Write these photos into `folder`; return their paths."""
    paths = {colour: folder / name for colour, (name, _) in make_photos().items()}
    for colour, (_, content) in make_photos().items():
        paths[colour].write_bytes(content)
    return paths
