"""Checks of notebook 07: the device on which `ImageClassifier` runs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from helpers.checks.app.classifier_calls import Setting, setting
from helpers.checks.app.pretend_devices import NO_NUMBERS, pretend_extra_device, pretend_gpu
from helpers.checks.app.pretend_models import PretendModel
from helpers.checks.app.results import expect_made_of_results
from helpers.line.kinds import Raised


def check_app_device(image_classifier: type, *, model: PretendModel, missing: Sequence[str]) -> None:
    """Check that model and photo go to the device asked for; "auto"; and devices that are `missing`.

    Each probe names a model that no other check names, so that an app may keep what it has loaded.
    """
    with setting("the device that was asked for, or an error", image_classifier, {"resnet101": model}) as given:
        with given.check.probe(f'device="{NO_NUMBERS}", which has shapes but no numbers'):
            given.pretences = [pretend_extra_device]
            _expect_device(given, model, "resnet101", NO_NUMBERS, runs_on=NO_NUMBERS)
        if any(failure.cause == "device_ignored" for failure in given.check.failures):
            return  # whatever else is wrong with devices follows from this
        with given.check.probe('device="auto", on a computer without a graphics card'):
            given.pretences = [partial(pretend_gpu, there=False)]
            _expect_device(given, model, "wide_resnet50_2", "auto", runs_on="cpu")
        with given.check.probe('device="auto", on a computer that seems to have one'):
            given.pretences = [partial(pretend_gpu, there=True)]
            _expect_move_to_gpu(given)
        given.pretences = []
        for device in missing:
            with given.check.probe(f'device="{device}", which is not there'):
                _expect_refusal(given, device)


def _expect_device(given: Setting, model: PretendModel, name: str, device: str, *, runs_on: str) -> None:
    classifier = given.make(name, device)
    results, _ = given.predict(classifier, "red", 1)
    call = given.expect_any_load().log.calls[-1]
    if {call.photo_device, call.model_device} != {runs_on}:
        got = f"the photo on {call.photo_device}, the model on {call.model_device}"
        given.check.stop("device_ignored", got=got, expected=f"both on {runs_on}")
    attribute = given.read_device(classifier) or "no attribute `device`"
    right = attribute.split(":")[0] == runs_on
    given.check.expect(right, "device_attribute_wrong", got=attribute, expected=f"device {runs_on}")
    expect_made_of_results(given.check, results, model, colour="red")


def _expect_move_to_gpu(given: Setting) -> None:
    """The card is only pretended, so the model notes where it would go, and errors after that do not count."""
    given.loads.stays, given.loads.last = True, None
    given.loads.names.clear()
    try:
        _, _, error = _make_and_predict(given, "vgg16", "auto")
    finally:
        given.loads.stays = False
    if error is None:
        given.expect_any_load()
    moves: list[str] = given.loads.last.moves if given.loads.last else []
    given.check.expect("cuda" in moves, "auto_ignores_gpu", got=f"moves: {moves}", expected="a move to cuda")


def _expect_refusal(given: Setting, device: str) -> None:
    given.loads.names.clear()
    classifier, _, error = _make_and_predict(given, "resnext50_32x4d", device)
    if error is None:
        given.expect_any_load()
        where = given.read_device(classifier) or "another device"
        given.check.fail(
            "device_replaced", got=f"no error; it ran on {where}", expected="an error that names the device"
        )


def _make_and_predict(given: Setting, *arguments: str) -> tuple[Any, Any, Raised | None]:
    """Make a classifier and ask it for one photo; return it, what came, and the first error."""
    classifier, error = given.try_make(*arguments)
    value, error = (None, error) if error else given.try_predict(classifier, "red", 1)
    return classifier, value, error
