"""Checks of notebook 02: the numbers of a checkpoint file in the model they belong to.

Each check with a special file first tries one that fits, so that code which always fails earns nothing.
"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor

from helpers.checks.loading.checkpoints import ProbeNet, make_numbers, pack, pack_as_from_gpu, pack_with_program
from helpers.checks.loading.loaded_model import (
    Loaded,
    expect_evaluation_mode,
    expect_no_error,
    expect_numbers,
    load,
)
from helpers.checks.report import Check, checking
from helpers.line.guard import CHECK_SEED

_CHANGES_THAT_DO_NOT_FIT = {
    "a file in which every name differs": lambda numbers: {f"body.{name}": numbers[name] for name in numbers},
    "a file without the last layer": lambda numbers: {
        name: number for name, number in numbers.items() if not name.startswith("head")
    },
    "a file with numbers for one layer more": lambda numbers: {**numbers, "extra.weight": torch.ones(2)},
}


def check_load_checkpoint(load_checkpoint: Callable, *, channels: int, classes: int, seed: int = CHECK_SEED) -> None:
    """Check that `load_checkpoint(model, path)` returns the model with the file's numbers, in evaluation mode.

    `channels` and `classes` are the sizes of the small model that is tried, `seed` chooses its numbers and the file's;
    so in all checks here.
    """
    behaviour = "the model has the file's numbers and is ready for prediction"
    with checking("load_checkpoint", behaviour) as check, check.probe("a file that fits the model"):
        loaded, right = _load_fitting_file(check, load_checkpoint, channels=channels, classes=classes, seed=seed)
        expect_evaluation_mode(check, loaded, right)


def check_load_checkpoint_mismatch(
    load_checkpoint: Callable, *, channels: int, classes: int, seed: int = CHECK_SEED
) -> None:
    """Check that a file raises an error when its names are not exactly those of the model."""
    with checking("load_checkpoint", "a file that does not fit raises an error") as check:
        if not _loads_fitting_file(check, load_checkpoint, channels=channels, classes=classes, seed=seed):
            return
        for where, change in _CHANGES_THAT_DO_NOT_FIT.items():
            with check.probe(where):
                model = _make_net(channels=channels, classes=classes, seed=seed)
                loaded = load(check, load_checkpoint, model, pack(change(make_numbers(model))))
                check.expect(loaded.error is not None, "mismatch_hidden", got="no error", expected="an error")


def check_load_checkpoint_other_device(
    load_checkpoint: Callable, *, channels: int, classes: int, seed: int = CHECK_SEED
) -> None:
    """Check that a file saved on a GPU loads on a machine without one."""
    with checking("load_checkpoint", "a file saved on a GPU loads without one") as check:
        if not _loads_fitting_file(check, load_checkpoint, channels=channels, classes=classes, seed=seed):
            return
        with check.probe("a file saved on a GPU, loaded where there is none"):
            model = _make_net(channels=channels, classes=classes, seed=seed)
            numbers, before = make_numbers(model), copy.deepcopy(model)
            loaded = load(check, load_checkpoint, model, pack_as_from_gpu(numbers))
            if loaded.error is not None:
                check.stop_for_error("map_location_missing", loaded.error)
            expect_numbers(check, loaded, numbers, before=before)


def check_load_checkpoint_untrusted(
    load_checkpoint: Callable, *, channels: int, classes: int, seed: int = CHECK_SEED
) -> None:
    """Check that a file with a (harmless) program in it is refused, and that the program does not run."""
    with checking("load_checkpoint", "a file with a program in it is refused") as check:
        if not _loads_fitting_file(check, load_checkpoint, channels=channels, classes=classes, seed=seed):
            return
        with check.probe("a file that holds a program beside its numbers"):
            model = _make_net(channels=channels, classes=classes, seed=seed)
            loaded = load(check, load_checkpoint, model, pack_with_program(make_numbers(model)))
            if loaded.bells:
                check.fail("untrusted_program_run", got="the program ran", expected="an error, before it runs")
            elif loaded.error is None:
                check.fail("untrusted_accepted", got="no error", expected="an error")


def _make_net(*, channels: int, classes: int, seed: int) -> ProbeNet:
    """Make the model; all that is random in this probe from here on follows from the seed."""
    torch.default_generator.manual_seed(seed)
    return ProbeNet(channels=channels, classes=classes)


def _loads_fitting_file(check: Check, function: Callable, *, channels: int, classes: int, seed: int) -> bool:
    """Return whether the student's function loads a file that fits; if not, that is a failure."""
    with check.probe("first a file that fits the model"):
        _load_fitting_file(check, function, channels=channels, classes=classes, seed=seed)
    return not check.failures


def _load_fitting_file(
    check: Check, function: Callable, *, channels: int, classes: int, seed: int
) -> tuple[Loaded, Tensor]:
    """Return what came of a file that fits, if that has its numbers, and the logits that it gives when it is right."""
    model = _make_net(channels=channels, classes=classes, seed=seed)
    numbers, photos, before = make_numbers(model), torch.rand(4, 3, 9, 9), copy.deepcopy(model)
    loaded = load(check, function, model, pack(numbers), photos=photos)
    expect_no_error(check, loaded)
    expect_numbers(check, loaded, numbers, before=before)
    before.load_state_dict(numbers)
    with torch.no_grad():
        return loaded, before.eval()(photos)
