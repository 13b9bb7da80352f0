"""Checks of notebook 07: the device on which `ImageClassifier` runs."""

from collections.abc import Sequence

from helpers.checks.app.classifier_calls import Setting, setting
from helpers.checks.app.pretend_devices import NO_NUMBERS, pretend_extra_device, pretend_gpu
from helpers.checks.app.pretend_models import PretendModel


def check_app_device(image_classifier: type, *, model: PretendModel, missing: Sequence[str]) -> None:
    """Check that model and photo go to the device asked for; "auto"; and devices that are `missing`."""
    with setting("the device that was asked for, or an error", {"resnet101": model}) as given:
        with given.check.probe(f'device="{NO_NUMBERS}", which has shapes but no numbers'), pretend_extra_device():
            _expect_device(given, image_classifier, NO_NUMBERS, runs_on=NO_NUMBERS)
        with given.check.probe('device="auto", on a computer without a graphics card'), pretend_gpu(there=False):
            _expect_device(given, image_classifier, "auto", runs_on="cpu")
        with given.check.probe('device="auto", on a computer that seems to have one'), pretend_gpu(there=True):
            _expect_move_to_gpu(given, image_classifier)
        for device in missing:
            with given.check.probe(f'device="{device}", which is not there'):
                _expect_refusal(given, image_classifier, device)


def _expect_device(given: Setting, image_classifier: type, device: str, *, runs_on: str) -> None:
    classifier = given.make(image_classifier, "resnet101", device)
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
    try:
        given.check.attempt(lambda: image_classifier("resnet101", "auto").predict(given.paths["red"], 1))
    finally:
        given.loads.stays = False
    moves = given.loads.last[0].moves if given.loads.last else []
    given.check.expect("cuda" in moves, "auto_ignores_gpu", got=f"moves: {moves}", expected="a move to cuda")


def _expect_refusal(given: Setting, image_classifier: type, device: str) -> None:
    def build_and_predict() -> object:
        classifier = image_classifier("resnet101", device)
        classifier.predict(given.paths["red"], 1)
        return classifier

    classifier, error = given.check.attempt(build_and_predict)
    if error is None:
        where = getattr(classifier, "device", "another device")
        given.check.fail(
            "device_replaced", got=f"no error; it ran on {where}", expected="an error that names the device"
        )
