"""Checks of notebook 07: the class `ImageClassifier`, on small models that stand in for real ones."""

from collections.abc import Mapping, Sequence

from helpers.checks.app.classifier_calls import Setting, setting
from helpers.checks.app.pretend_models import COLOURS, PretendModel
from helpers.checks.app.results import expect_ready_model, expect_results
from helpers.line.kinds import Kept


def check_image_classifier(image_classifier: type, *, model: PretendModel, top_k: int) -> None:
    """Check `ImageClassifier()` with its defaults: model "resnet50"; results, time and state of the model."""
    about, where = "the right results, in eval mode, with nothing recorded", "ImageClassifier(), a photo of each colour"
    with setting(about, image_classifier, {"resnet50": model}) as given, given.check.probe(where):
        given.loads.shows_mode = True
        classifier = given.make()
        for colour in COLOURS:
            results, inference_ms = given.predict(classifier, colour, top_k, as_text=True)
            calls = given.expect_any_load().log.calls
            if not any(call.in_training for call in calls):  # or that explains wrong results
                expect_results(given.check, results, model, colour=colour, top_k=top_k)
            positive = inference_ms > 0
            given.check.expect(positive, "time_not_positive", got=inference_ms, expected="milliseconds above 0")
        given.expect_loaded("resnet50")
        expect_ready_model(given.check, given.expect_any_load().log)


def check_image_classifier_results(image_classifier: type, *, models: Mapping[str, PretendModel]) -> None:
    """Check the results with models of other names, other labels and other numbers of classes."""
    with setting("labels and probabilities of the model that was asked for", image_classifier, models) as given:
        for name, model in models.items():
            with given.check.probe(f'ImageClassifier("{name}", "cpu"), {len(model.labels)} classes'):
                given.loads.names.clear()
                classifier = given.make(name, "cpu")
                for colour in ("blue", "red", "green", "blue"):
                    results, _ = given.predict(classifier, colour, 3)
                    expect_results(given.check, results, model, colour=colour, top_k=3)
                given.expect_loaded(name)


def check_image_classifier_top_k(image_classifier: type, *, model: PretendModel, refused: Sequence[int]) -> None:
    """Check the smallest, the default and the largest top_k, and that each of `refused` is a ValueError."""
    classes, about = len(model.labels), "top_k from 1 to the number of classes, and a ValueError beyond"
    with setting(about, image_classifier, {"resnet18": model}) as given:
        with given.check.probe(f"top_k of 1, of {classes}, and left out, with {classes} classes"):
            classifier = given.make("resnet18", "cpu")
            for top_k, arguments in ((1, (1,)), (classes, (classes,)), (5, ())):
                results, _ = given.predict(classifier, "green", *arguments)
                expect_results(given.check, results, model, colour="green", top_k=top_k)
        for top_k in refused:
            with given.check.probe(f"top_k={top_k}, with {classes} classes"):
                _expect_value_error(given, given.make("resnet18", "cpu"), top_k)


def check_image_classifier_loading(image_classifier: type, *, model: PretendModel, photos: int) -> None:
    """Check that the model is loaded once for many photos, and does not run much more often than needed."""
    where = f'ImageClassifier("mobilenet_v2", "cpu"), then {photos} photos'
    about = "the model is loaded once"
    with setting(about, image_classifier, {"mobilenet_v2": model}) as given, given.check.probe(where):
        classifier = given.make("mobilenet_v2", "cpu")
        for number in range(photos):
            given.predict(classifier, list(COLOURS)[number % 3], 2)
        given.expect_loaded("mobilenet_v2")


def _expect_value_error(given: Setting, classifier: Kept, top_k: int) -> None:
    expected = "a ValueError that names the range"
    value, error = given.try_predict(classifier, "green", top_k)
    if error is None:
        given.expect_any_load()
        given.check.fail("top_k_not_checked", got=value, expected=expected)
    elif not error.is_a(ValueError):
        given.check.fail("wrong_error_type", got=str(error), expected=expected)
