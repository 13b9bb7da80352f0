"""Checks of notebook 07: the class `ImageClassifier`, on small models that stand in for real ones."""

from collections.abc import Mapping, Sequence

from helpers.checks.app.classifier_calls import Setting, setting
from helpers.checks.app.pretend_models import PretendModel
from helpers.checks.app.results import expect_ready_model, expect_results


def check_image_classifier(image_classifier: type, *, model: PretendModel, top_k: int) -> None:
    """Check `ImageClassifier()` with its defaults: model "resnet50"; results, time and state of the model."""
    about, where = "the right results, in eval mode, with nothing recorded", "ImageClassifier(), a photo of each colour"
    with setting(about, {"resnet50": model}) as given, given.check.probe(where):
        classifier = given.make(image_classifier)
        for colour, path in given.paths.items():
            results, inference_ms = given.predict(classifier, str(path), top_k)
            expect_results(given.check, results, model, colour=colour, top_k=top_k)
            positive = inference_ms > 0
            given.check.expect(positive, "time_not_positive", got=inference_ms, expected="milliseconds above 0")
        given.expect_loaded("resnet50")
        expect_ready_model(given.check, given.loads.last[0])


def check_image_classifier_results(image_classifier: type, *, models: Mapping[str, PretendModel]) -> None:
    """Check the results with models of other names, other labels and other numbers of classes."""
    with setting("labels and probabilities of the model that was asked for", models) as given:
        for name, model in models.items():
            with given.check.probe(f'ImageClassifier("{name}", "cpu"), {len(model.labels)} classes'):
                given.loads.names.clear()
                classifier = given.make(image_classifier, name, "cpu")
                for colour in ("blue", "red", "green", "blue"):
                    results, _ = given.predict(classifier, given.paths[colour], 3)
                    expect_results(given.check, results, model, colour=colour, top_k=3)
                given.expect_loaded(name)


def check_image_classifier_top_k(image_classifier: type, *, model: PretendModel, refused: Sequence[int]) -> None:
    """Check the smallest, the default and the largest top_k, and that each of `refused` is a ValueError."""
    classes = len(model.labels)
    with setting("top_k from 1 to the number of classes, and a ValueError beyond", {"resnet18": model}) as given:
        with given.check.probe(f"top_k of 1, of {classes}, and left out, with {classes} classes"):
            classifier = given.make(image_classifier, "resnet18", "cpu")
            for top_k, arguments in ((1, (1,)), (classes, (classes,)), (5, ())):
                results, _ = given.predict(classifier, given.paths["green"], *arguments)
                expect_results(given.check, results, model, colour="green", top_k=top_k)
        for top_k in refused:
            with given.check.probe(f"top_k={top_k}, with {classes} classes"):
                _expect_value_error(given, given.make(image_classifier, "resnet18", "cpu"), top_k)


def check_image_classifier_loading(image_classifier: type, *, model: PretendModel, photos: int) -> None:
    """Check that the model is loaded once for many photos, and does not run much more often than needed."""
    where = f'ImageClassifier("mobilenet_v2", "cpu"), then {photos} photos'
    with setting("the model is loaded once", {"mobilenet_v2": model}) as given, given.check.probe(where):
        classifier = given.make(image_classifier, "mobilenet_v2", "cpu")
        for number in range(photos):
            given.predict(classifier, list(given.paths.values())[number % 3], 2)
        given.expect_loaded("mobilenet_v2")


def _expect_value_error(given: Setting, classifier: object, top_k: int) -> None:
    expected = "a ValueError that names the range"
    value, error = given.check.attempt(classifier.predict, given.paths["green"], top_k)
    if error is None:
        given.expect_any_load()
        given.check.fail("top_k_not_checked", got=value, expected=expected)
    elif not isinstance(error, ValueError):
        given.check.fail("wrong_error_type", got=f"{type(error).__name__}: {error}", expected=expected)
