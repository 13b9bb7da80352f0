"""Build a classifier's architecture, without trained numbers.

Every architecture gets the same random numbers each time (seed 0), and building one leaves PyTorch's global
random state as it was: a notebook computes the same with and without an extra model.
"""

import contextlib
import copy
import functools
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from torch import nn
from torch.overrides import TorchFunctionMode

from helpers.models.catalog import EMBEDDED, check_name, find_weights
from helpers.run_mode import is_graded_run

_OPTIONS = {
    # transform_input: the trained numbers of both expect it, and torchvision sets it when it loads them.
    # init_weights=False: PyTorch's usual start numbers, in place of slow ones and of a warning.
    "googlenet": {"transform_input": True, "init_weights": False, "aux_logits": False},
    "inception_v3": {"transform_input": True, "init_weights": False},
}
_FILLING_FUNCTIONS = {nn.init.constant_, nn.init.kaiming_uniform_, nn.init.normal_, nn.init.uniform_}


def build_architecture(name: str, *, weights: str = "DEFAULT") -> nn.Module:
    """Build classifier `name` on the CPU with random numbers of seed 0.

    It is the architecture that fits the trained weights named `weights`, and like every new module it is in
    training mode: call `eval()` before you predict. ValueError for an unknown model or unknown weights.
    """
    check_name(name)
    return copy.deepcopy(build_once(name, weights)) if is_graded_run() else _build_filled(name, weights)


def build_to_read(name: str, *, weights: str = "DEFAULT") -> nn.Module:
    """Build classifier `name` as `build_architecture` does, for code that only reads it.

    When grading, its numbers are those of all others that are built so: copying them takes longer than all else.
    """
    check_name(name)
    return _copy_sharing_numbers(build_once(name, weights)) if is_graded_run() else _build_filled(name, weights)


def _copy_sharing_numbers(model: nn.Module) -> nn.Module:
    parameters = {id(one): nn.Parameter(one.detach(), one.requires_grad) for one in model.parameters()}
    return copy.deepcopy(model, parameters | {id(one): one.detach() for one in model.buffers()})


def build_unfilled(name: str, *, weights: str = "DEFAULT") -> nn.Module:
    """Build classifier `name` as `build_architecture` does, but leave most numbers open: whatever memory holds.

    For a model that gets all its numbers from a file right away: random ones are most of the work of building.
    """
    check_name(name)
    with _fixed_seed(), torch.device("cpu"), _LeaveNumbersOpen():
        return _build(name, weights)


def _build_filled(name: str, weights: str) -> nn.Module:
    with _fixed_seed(), torch.device("cpu"):
        return _build(name, weights)


build_once = functools.cache(_build_filled)
"""Build a model, and keep it to be copied: for grading, which builds the same models hundreds of times."""


def _build(name: str, weights: str) -> nn.Module:
    if name in EMBEDDED:
        return EfficientNet.from_name(name.replace("_", "-"))
    return torchvision.models.get_model(name, weights=None, **_choose_options(name, weights))


def _choose_options(name: str, weights: str) -> dict[str, Any]:
    entry = find_weights(name, weights)
    if name.startswith("vit_"):  # a vision transformer fits photos of one size only
        return {"image_size": entry.meta["min_size"][0]}
    return _OPTIONS.get(name, {})


@contextlib.contextmanager
def _fixed_seed() -> Iterator[None]:
    """Set the CPU's random numbers to seed 0, and put back what was there. GPUs are not touched."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(0)
        yield


class _LeaveNumbersOpen(TorchFunctionMode):
    """Passes over the usual calls that fill a new tensor; what is filled in another way is filled as ever."""

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        if func in _FILLING_FUNCTIONS:
            return args[0] if args else kwargs["tensor"]
        return func(*args, **kwargs)
