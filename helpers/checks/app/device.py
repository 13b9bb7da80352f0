"""Checks of notebook 07: the device on which `ImageClassifier` runs."""

from collections.abc import Callable, Sequence

from helpers.checks.app.classifier_calls import Setting, setting
from helpers.checks.app.pretend_devices import NO_NUMBERS, pretend_extra_device, pretend_gpu
from helpers.checks.app.pretend_models import PretendModel


def check_app_device(image_classifier: type, *, model: PretendModel, missing: Sequence[str]) -> None:
    """Check that model and photo go to the device asked for; "auto"; and devices that are `missing`.

    Each probe names a model that no other check names, so that an app may keep what it has loaded.
    """
    with setting("the device that was asked for, or an error", {"resnet101": model}) as given:
        with given.check.probe(f'device="{NO_NUMBERS}", which has shapes but no numbers'), pretend_extra_device():
            _expect_device(given, lambda: image_classifier("resnet101", NO_NUMBERS), runs_on=NO_NUMBERS)
        if any(failure.cause == "device_ignored" for failure in given.check.failures):
            return  # whatever else is wrong with devices follows from this
        with given.check.probe('device="auto", on a computer without a graphics card'), pretend_gpu(there=False):
            _expect_device(given, lambda: image_classifier("wide_resnet50_2", "auto"), runs_on="cpu")
        with given.check.probe('device="auto", on a computer that seems to have one'), pretend_gpu(there=True):
            _expect_move_to_gpu(given, image_classifier)
        for device in missing:
            with given.check.probe(f'device="{device}", which is not there'):
                _expect_refusal(given, image_classifier, device)


def _expect_device(given: Setting, make_classifier: Callable, *, runs_on: str) -> None:
    classifier = given.make(make_classifier)
    given.predict(classifier, given.paths["red"], 1)
    call = given.loads.last[0].calls[-1]
    if {call.photo_device, call.model_device} != {runs_on}:
        got = f"the photo on {call.photo_device}, the model on {call.model_device}"
        given.check.stop("device_ignored", got=got, expected=f"both on {runs_on}")
    attribute = str(getattr(classifier, "device", "no attribute `device`"))
    right = attribute.split(":")[0] == runs_on
    given.check.expect(right, "device_attribute_wrong", got=attribute, expected=f"device {runs_on}")


def _expect_move_to_gpu(given: Setting, image_classifier: type) -> None:
    """The card is only pretended, so the model notes where it would go, and errors after that do not count."""
    given.loads.stays, given.loads.last = True, None
    given.loads.names.clear()
    try:
        _, error = given.check.attempt(lambda: image_classifier("vgg16", "auto").predict(given.paths["red"], 1))
    finally:
        given.loads.stays = False
    if error is None:
        given.expect_any_load()
    moves = given.loads.last[0].moves if given.loads.last else []
    given.check.expect("cuda" in moves, "auto_ignores_gpu", got=f"moves: {moves}", expected="a move to cuda")


def _expect_refusal(given: Setting, image_classifier: type, device: str) -> None:
    def build_and_predict() -> object:
        classifier = image_classifier("resnext50_32x4d", device)
        classifier.predict(given.paths["red"], 1)
        return classifier

    given.loads.names.clear()
    classifier, error = given.check.attempt(build_and_predict)
    if error is None:
        given.expect_any_load()
        where = getattr(classifier, "device", "another device")
        given.check.fail(
            "device_replaced", got=f"no error; it ran on {where}", expected="an error that names the device"
        )
