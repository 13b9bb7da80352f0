"""Build torchvision's models with their trained weights, which are downloaded when they are not there yet."""

import re
from pathlib import Path

import torch
from torch import Tensor, nn

from helpers.models.architectures import build_unfilled
from helpers.models.catalog import EMBEDDED, find_weights
from helpers.models.fetching import MissingWeightsError, fetch_weights
from helpers.models.weight_files import WeightsError, locate_file

_NUMBERS_WITHOUT_LAYER = {"googlenet": r"aux[12]\."}  # heads for training, which torchvision drops too
_OLD_DENSENET_NAME = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\.")


def build_trained(name: str, *, weights: str = "DEFAULT") -> nn.Module:
    """Build torchvision's classifier `name` with its trained weights, on the CPU, in training mode.

    ValueError for an unknown model or unknown weights. MissingWeightsError when the weights are neither on
    this computer nor to be had from the network, WeightsError when their file is damaged.
    """
    path = locate_file(find_weights(name, weights))
    if not path.exists():
        _fetch_or_give_ways_out(name, weights, path)
    numbers = _read_numbers(name, weights, path)
    model = build_unfilled(name, weights=weights)
    try:
        model.load_state_dict(_rename_numbers(name, numbers))
    except (RuntimeError, TypeError, AttributeError):
        raise WeightsError(f"The file {path} does not hold the weights of {name}. {_advise(name, weights)}") from None
    return model


def _fetch_or_give_ways_out(name: str, weights: str, path: Path) -> None:
    try:
        fetch_weights(name, weights=weights)
    except WeightsError as error:
        raise MissingWeightsError(
            f"The trained weights of {name} are not on this computer (looked for {path}), "
            f"and they could not be downloaded: {error}\n"
            f"Two ways out:\n"
            f"1. With a network or a classroom mirror: {_give_command(name, weights)}. "
            f"Or copy the file {path.name} into that folder.\n"
            f'2. Take a model that needs no download: MODEL = "{EMBEDDED[0]}".'
        ) from None


def _read_numbers(name: str, weights: str, path: Path) -> dict[str, Tensor]:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"The weights of {name} cannot be read from {path}: {error.strerror}.") from None
    except Exception:  # torch.load has many ways to say that a file is no checkpoint
        raise WeightsError(
            f"The weights file of {name}, {path}, is damaged or incomplete. {_advise(name, weights)}"
        ) from None


def _rename_numbers(name: str, numbers: dict[str, Tensor]) -> dict[str, Tensor]:
    """Give the numbers the names that today's layers have, as torchvision does for its oldest checkpoints."""
    if name.startswith("densenet"):
        return {_OLD_DENSENET_NAME.sub(r"\1\2.", key): value for key, value in numbers.items()}
    if name in _NUMBERS_WITHOUT_LAYER:
        unused = _NUMBERS_WITHOUT_LAYER[name]
        return {key: value for key, value in numbers.items() if not re.match(unused, key)}
    return numbers


def _advise(name: str, weights: str) -> str:
    return f"Delete it and fetch it again: {_give_command(name, weights)}."


def _give_command(name: str, weights: str) -> str:
    if find_weights(name, weights) is find_weights(name, "DEFAULT"):
        return f'make weights MODELS="{name}" (or: python -m helpers.weights {name})'
    return f"python -m helpers.weights {name} --weights {find_weights(name, weights).name}"
