"""Checks of notebook 04: the repaired prediction, from a photo of any mode to a class number, on any device."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from torch import nn

from helpers.checks.inference.probe_photos import HEIGHT, WIDTH, Colour, make_colour_model, make_photo
from helpers.checks.model_calls import ModelCall, call_with_model, expect_eval, expect_no_graph, read_model_call
from helpers.checks.probe_models import FixedAnswerModel, ModelLog, RecordingModel
from helpers.checks.probe_preprocess import RecordingPreprocess
from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer
from helpers.line.callbacks import Callback

DEFAULT_DEVICE = "cpu"  # what the student's function takes when none is given
NO_NUMBERS = "meta"  # a device that every computer has: tensors there have a shape and no numbers


def check_predict_class(predict_class: Callable, *, photos: Sequence[tuple[Colour, int]]) -> None:
    """Check `predict_class(image, model, preprocess, device) -> int` on RGB photos of one colour and their class."""
    with checking("predict_class", "the right class, from a float batch of one, in eval mode") as check:
        for colour, right in photos:
            with check.probe(f"an RGB photo of the colour {colour}"):
                probe = _make_probe()
                came = _predict(check, predict_class, make_photo("RGB", colour), probe)
                expect_eval(check, probe.log, in_training_now=came.in_training)
                expect_no_graph(check, probe.log, came.value)
                if not check.failures:
                    _expect_class(check, came.value, right)


def check_predict_class_modes(predict_class: Callable, *, photos: Sequence[tuple[str, Colour, int]]) -> None:
    """Check photos that are not RGB; each is (mode, colour, class)."""
    with checking("predict_class", "photos of every mode") as check:
        for mode, colour, right in photos:
            with check.probe(f"a photo of mode {mode}, colour {colour}"):
                probe = _make_probe()
                probe.model.eval()
                _expect_class(check, _predict(check, predict_class, make_photo(mode, colour), probe).value, right)


def check_predict_class_device(
    predict_class: Callable, *, missing: Sequence[str], rights: Sequence[int] = (2, 1)
) -> None:
    """Check that model and photo go to the device asked for, and that devices that are `missing` are an error.

    `rights`: the right class of each photo that is tried, of 0 to 3.
    """
    with checking("predict_class", "model and photo go to the device, or the error comes out") as check:
        for right in rights:
            with check.probe(f'device="{NO_NUMBERS}", which has shapes but no numbers'):
                photo, probe = make_photo("RGB", (90, 60, 30)), _make_fixed_probe(right)
                _expect_class(check, _predict(check, predict_class, photo, probe, NO_NUMBERS).value, right)
        for device in missing:
            with check.probe(f'device="{device}", which is not there'):
                _expect_error(check, predict_class, device)


@dataclass(frozen=True)
class _ClassProbe:
    """A model and a preprocessing, and what is noted of their calls."""

    model: RecordingModel
    log: ModelLog
    preprocess: RecordingPreprocess

    @property
    def arguments(self) -> tuple:
        """What the answer gets besides photo and model."""
        return (Callback(self.preprocess),)


def _make_probe() -> _ClassProbe:
    log = ModelLog()
    return _ClassProbe(make_colour_model(log), log, RecordingPreprocess())


def _make_fixed_probe(right: int) -> _ClassProbe:
    log = ModelLog(lambda photos: torch.eye(4)[right].expand(len(photos), -1))
    return _ClassProbe(FixedAnswerModel(4, log), log, RecordingPreprocess())


def call_with_photo(answer: Callable, *, model: nn.Module, args: tuple) -> dict[str, Any]:
    """Observer: as `call_with_model`, for an answer whose first argument is the photo and whose second is the model."""
    photo, *others = args
    return call_with_model(lambda model, *rest: answer(photo, model, *rest), model=model, args=tuple(others))


def _predict(
    check: Check, predict_class: Callable, image: Image.Image, probe: _ClassProbe, device: str = DEFAULT_DEVICE
) -> ModelCall:
    """Call the student's function; what reached the preprocessing and the model is looked at, also after an error."""
    arguments = (image, *probe.arguments) if device == DEFAULT_DEVICE else (image, *probe.arguments, device)
    value, error = check.ask(call_with_photo, predict_class, model=probe.model, args=arguments)
    cause = _find_input_cause(probe, device)
    if error is not None:
        check.stop_for_error(cause or "raised_error", error)
    if not probe.preprocess.modes:
        cause = "preprocess_not_called"
    elif not probe.log.calls:
        cause = cause or "model_not_called"
    if cause:
        check.stop(cause, got=_describe_input(probe), expected=_describe_right_input(device))
    return read_model_call(value)


def _find_input_cause(probe: _ClassProbe, device: str) -> str | None:
    """Name what is wrong with what reached the preprocessing and the model; None if nothing is."""
    if probe.preprocess.modes and probe.preprocess.modes[-1] != "RGB":  # an attempt before the last may fail
        return "photo_not_rgb"
    if not probe.log.calls:
        return None
    call = probe.log.calls[-1]
    faults = {
        "batch_dimension_missing": len(call.shape) == 3,
        "batch_dimension_misplaced": call.shape != (1, 3, HEIGHT, WIDTH),
        "input_not_float": call.dtype != torch.float32,
        "device_ignored": device not in (call.photo_device, call.model_device),
        "photo_not_moved": call.photo_device != device,
        "model_not_moved": call.model_device != device,
    }
    return next((cause for cause, is_so in faults.items() if is_so), None)


def _describe_input(probe: _ClassProbe) -> str:
    if not probe.log.calls:
        return f"photos of mode {probe.preprocess.modes} for preprocess, and no call of the model"
    call = probe.log.calls[-1]
    dtype = str(call.dtype).removeprefix("torch.")
    return f"shape {call.shape}, {dtype}, on {call.photo_device}; the model on {call.model_device}"


def _describe_right_input(device: str) -> str:
    return f"an RGB photo, then shape {(1, 3, HEIGHT, WIDTH)}, float32, on {device}; the model on {device}"


def _expect_class(check: Check, value: object, right: int) -> None:
    number = as_integer(value)
    if number is None:
        check.stop("not_a_class_number", got=value, expected=f"the whole number {right}")
    check.expect(number == right, "wrong_class", got=str(number), expected=str(right))


def _expect_error(check: Check, predict_class: Callable, device: str) -> None:
    probe = _make_fixed_probe(0)
    arguments = (make_photo("RGB", (90, 60, 30)), *probe.arguments, device)
    value, error = check.ask(call_with_photo, predict_class, model=probe.model, args=arguments)
    if error is None:
        check.fail("device_replaced", got=read_model_call(value).value, expected="an error that names the device")
