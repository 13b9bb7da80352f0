"""Checks of notebook 02: the numbers of a checkpoint file in the model they belong to.

Each check with a special file first tries one that fits, so that code which always fails earns nothing.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from helpers.checks.guard import make_scratch_folder
from helpers.checks.loading.checkpoints import (
    ProbeNet,
    count_programs_run,
    hide_gpu,
    make_numbers,
    save_as_from_gpu,
    save_with_program,
)
from helpers.checks.loading.loaded_model import expect_evaluation_mode, expect_no_error, expect_numbers
from helpers.checks.report import Check, checking

_CHANGES_THAT_DO_NOT_FIT = {
    "a file in which every name differs": lambda numbers: {f"body.{name}": numbers[name] for name in numbers},
    "a file without the last layer": lambda numbers: {
        name: number for name, number in numbers.items() if not name.startswith("head")
    },
    "a file with numbers for one layer more": lambda numbers: {**numbers, "extra.weight": torch.ones(2)},
}


def check_load_checkpoint(load_checkpoint: Callable, *, channels: int, classes: int) -> None:
    """Check that `load_checkpoint(model, path)` returns the model with the file's numbers, in evaluation mode.

    `channels` and `classes` are the sizes of the small model that is tried; so in all checks here.
    """
    behaviour = "the model has the file's numbers and is ready for prediction"
    with (
        checking("load_checkpoint", behaviour) as check,
        make_scratch_folder() as folder,
        check.probe("a file that fits the model"),
    ):
        model = ProbeNet(channels=channels, classes=classes)
        expect_evaluation_mode(check, _load_fitting_file(check, load_checkpoint, model, folder))


def check_load_checkpoint_mismatch(load_checkpoint: Callable, *, channels: int, classes: int) -> None:
    """Check that a file raises an error when its names are not exactly those of the model."""
    behaviour = "a file that does not fit raises an error"
    with checking("load_checkpoint", behaviour) as check, make_scratch_folder() as folder:
        model, path = ProbeNet(channels=channels, classes=classes), folder / "other.pt"
        if not _loads_fitting_file(check, load_checkpoint, model, folder):
            return
        for where, change in _CHANGES_THAT_DO_NOT_FIT.items():
            with check.probe(where):
                torch.save(change(make_numbers(model)), path)
                refused = _is_refused(check, load_checkpoint, model, path)
                check.expect(refused, "mismatch_hidden", got="no error", expected="an error")


def check_load_checkpoint_other_device(load_checkpoint: Callable, *, channels: int, classes: int) -> None:
    """Check that a file saved on a GPU loads on a machine without one."""
    behaviour = "a file saved on a GPU loads without one"
    with checking("load_checkpoint", behaviour) as check, make_scratch_folder() as folder:
        model, path = ProbeNet(channels=channels, classes=classes), folder / "gpu.pt"
        if not _loads_fitting_file(check, load_checkpoint, model, folder):
            return
        with check.probe("a file saved on a GPU, loaded where there is none"), hide_gpu():
            numbers = make_numbers(model)
            save_as_from_gpu(numbers, path)
            value = check.call_or("map_location_missing", load_checkpoint, model, path)
            expect_numbers(check, value, numbers, before={})


def check_load_checkpoint_untrusted(load_checkpoint: Callable, *, channels: int, classes: int) -> None:
    """Check that a file with a (harmless) program in it is refused, and that the program does not run."""
    behaviour = "a file with a program in it is refused"
    with checking("load_checkpoint", behaviour) as check, make_scratch_folder() as folder:
        model, path = ProbeNet(channels=channels, classes=classes), folder / "parcel.pt"
        if not _loads_fitting_file(check, load_checkpoint, model, folder):
            return
        with check.probe("a file that holds a program beside its numbers"):
            save_with_program(make_numbers(model), path)
            runs_before = count_programs_run()
            refused = _is_refused(check, load_checkpoint, model, path)
            if count_programs_run() > runs_before:
                check.fail("untrusted_program_run", got="the program ran", expected="an error, before it runs")
            elif not refused:
                check.fail("untrusted_accepted", got="no error", expected="an error")


def _loads_fitting_file(check: Check, function: Callable, model: nn.Module, folder: Path) -> bool:
    with check.probe("first a file that fits the model"):
        _load_fitting_file(check, function, model, folder)
    return not check.failures


def _load_fitting_file(check: Check, function: Callable, model: nn.Module, folder: Path) -> nn.Module:
    """Let the student's function load a file that fits; return what it gave if that has the file's numbers."""
    before = {name: number.clone() for name, number in model.state_dict().items()}
    numbers = make_numbers(model)
    torch.save(numbers, folder / "fits.pt")
    with hide_gpu():  # the same result on every machine
        value, error = check.attempt(function, model, folder / "fits.pt")
    expect_no_error(check, error)
    expect_numbers(check, value, numbers, before=before)
    return value


def _is_refused(check: Check, function: Callable, model: nn.Module, path: Path) -> bool:
    _, error = check.attempt(function, model, path)
    return error is not None
