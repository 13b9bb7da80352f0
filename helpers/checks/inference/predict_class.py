"""Checks of notebook 04: the repaired prediction, from a photo of any mode to a class number, on any device."""

from collections.abc import Callable, Sequence

import torch
from PIL import Image

from helpers.checks.inference.probe_photos import HEIGHT, WIDTH, Colour, make_colour_model, make_photo
from helpers.checks.model_calls import expect_eval, expect_no_graph
from helpers.checks.probe_models import FixedAnswerModel, RecordingModel, call_with_model
from helpers.checks.probe_preprocess import RecordingPreprocess
from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer

DEFAULT_DEVICE = "cpu"  # what the student's function takes when none is given
NO_NUMBERS = "meta"  # a device that every computer has: tensors there have a shape and no numbers


def check_predict_class(predict_class: Callable, *, photos: Sequence[tuple[Colour, int]]) -> None:
    """Check `predict_class(image, model, preprocess, device) -> int` on RGB photos of one colour and their class."""
    with checking("predict_class", "the right class, from a float batch of one, in eval mode") as check:
        for colour, right in photos:
            with check.probe(f"an RGB photo of the colour {colour}"):
                model, value = _predict(check, predict_class, make_photo("RGB", colour))
                expect_eval(check, model)
                expect_no_graph(check, model, value)
                if not check.failures:
                    _expect_class(check, value, right)


def check_predict_class_modes(predict_class: Callable, *, photos: Sequence[tuple[str, Colour, int]]) -> None:
    """Check photos that are not RGB; each is (mode, colour, class)."""
    with checking("predict_class", "photos of every mode") as check:
        for mode, colour, right in photos:
            with check.probe(f"a photo of mode {mode}, colour {colour}"):
                photo, model = make_photo(mode, colour), make_colour_model().eval()
                _, value = _predict(check, predict_class, photo, model)
                _expect_class(check, value, right)


def check_predict_class_device(predict_class: Callable, *, missing: Sequence[str]) -> None:
    """Check that model and photo go to the device asked for, and that devices that are `missing` are an error."""
    with checking("predict_class", "model and photo go to the device, or the error comes out") as check:
        for right in (2, 1):
            with check.probe(f'device="{NO_NUMBERS}", which has shapes but no numbers'):
                model = FixedAnswerModel(torch.eye(4)[right])
                _, value = _predict(check, predict_class, make_photo("RGB", (90, 60, 30)), model, NO_NUMBERS)
                _expect_class(check, value, right)
        for device in missing:
            with check.probe(f'device="{device}", which is not there'):
                _expect_error(check, predict_class, device)


def _predict(
    check: Check,
    predict_class: Callable,
    image: Image.Image,
    model: RecordingModel | None = None,
    device: str = DEFAULT_DEVICE,
) -> tuple[RecordingModel, object]:
    """Call the student's function; what reached the preprocessing and the model is looked at, also after an error."""
    model, preprocess = model or make_colour_model(), RecordingPreprocess()

    def find_cause() -> str | None:
        return _find_input_cause(model, preprocess, device)

    arguments = (image, model, preprocess) if device == DEFAULT_DEVICE else (image, model, preprocess, device)
    value = call_with_model(check, find_cause, predict_class, arguments)
    cause = find_cause() or (None if model.calls else "model_not_called")
    if not preprocess.modes:
        cause = "preprocess_not_called"
    if cause:
        check.stop(cause, got=_describe_input(model, preprocess), expected=_describe_right_input(device))
    return model, value


def _find_input_cause(model: RecordingModel, preprocess: RecordingPreprocess, device: str) -> str | None:
    """Name what is wrong with what reached the preprocessing and the model; None if nothing is."""
    if preprocess.modes and preprocess.modes[-1] != "RGB":  # an attempt before the last may fail
        return "photo_not_rgb"
    if not model.calls:
        return None
    call = model.calls[-1]
    faults = {
        "batch_dimension_missing": len(call.shape) == 3,
        "batch_dimension_misplaced": call.shape != (1, 3, HEIGHT, WIDTH),
        "input_not_float": call.dtype != torch.float32,
        "device_ignored": device not in (call.photo_device, call.model_device),
        "photo_not_moved": call.photo_device != device,
        "model_not_moved": call.model_device != device,
    }
    return next((cause for cause, is_so in faults.items() if is_so), None)


def _describe_input(model: RecordingModel, preprocess: RecordingPreprocess) -> str:
    if not model.calls:
        return f"photos of mode {preprocess.modes} for preprocess, and no call of the model"
    call = model.calls[-1]
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
    model = FixedAnswerModel(torch.eye(4)[0])
    value, error = check.attempt(predict_class, make_photo("RGB", (90, 60, 30)), model, RecordingPreprocess(), device)
    if error is None:
        check.fail("device_replaced", got=value, expected="an error that names the device")
