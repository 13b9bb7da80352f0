"""Checks of notebook 07: usual wrong answers get their cause, unusual right ones pass."""

import argparse
import functools
import struct
import sys
import time
import timeit
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from helpers import devices, images, models
from helpers.checks.app.device import check_app_device
from helpers.checks.app.handle_errors import UserError, check_handle_errors, check_handle_errors_bugs
from helpers.checks.app.image_classifier import (
    check_image_classifier,
    check_image_classifier_loading,
    check_image_classifier_results,
    check_image_classifier_top_k,
)
from helpers.checks.app.inference_time import check_inference_time
from helpers.checks.app.main import ProgramRun, check_main, check_main_errors, check_main_options
from helpers.checks.app.pretend_models import Loaded, PretendModel
from helpers.grading.judge.remote import Packer
from helpers.models.loading import load_classifier
from helpers.models.weight_files import WeightsError
from tests.support.pretended import ANIMALS, FRUIT, STRANGE, empty_stub

# --- image_classifier -----------------------------------------------------------------------------------------


class Right:
    """A plain right answer; wrong ones replace one of its steps."""

    def __init__(self, model_name="resnet50", device="auto"):
        self.device = self.choose(device)
        self.loaded = self.load(model_name)
        self.loaded.model.to(self.device)

    def choose(self, device):
        return torch.device("cuda" if device == "auto" and torch.cuda.is_available() else device.replace("auto", "cpu"))

    def load(self, model_name):
        return models.load_classifier(model_name)

    def open(self, path):
        return images.open_image(path)

    def predict(self, path, top_k=5):
        if not 1 <= top_k <= len(self.loaded.labels):
            raise ValueError(f"top_k must lie between 1 and {len(self.loaded.labels)}")
        batch = self.loaded.preprocess(self.open(path)).unsqueeze(0).to(self.device)
        start = time.perf_counter()
        logits = self.run(batch)
        elapsed_ms = (time.perf_counter() - start) * 1000
        return self.sort_out(logits[0].cpu(), top_k), elapsed_ms

    def run(self, batch):
        with torch.no_grad():
            return self.loaded.model(batch)

    def sort_out(self, logits, top_k):
        values, places = self.rank(logits, top_k)
        return [self.name(p, v) for p, v in zip(places.tolist(), values.tolist(), strict=True)]

    def rank(self, logits, top_k):
        return logits.softmax(0).topk(top_k)

    def name(self, place, value):
        return {"class": self.loaded.labels[place], "probability": value, "class_id": place}


class RunsInTrainingMode(Right):
    def run(self, batch):
        self.loaded.model.train()
        return super().run(batch)


class RecordsAGraph(Right):
    def run(self, batch):
        torch.no_grad()
        return self.loaded.model(batch)


class ForgetsTheBatch(Right):
    def run(self, batch):
        return super().run(batch[0])


class OpensWithPillowAlone(Right):
    def open(self, path):
        return Image.open(path)


class PreprocessesByItself(Right):
    def predict(self, path, top_k=5):
        pixels = np.array(images.open_image(path).resize((224, 224)))
        batch = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
        return self.sort_out(self.run(batch)[0], top_k), 1.0


class LoadsRealWeights(Right):
    def load(self, model_name):
        return torch.hub.load(models.HUB_FOLDER, "efficientnet_lite0", source="local", verbose=False)

    def predict(self, path, top_k=5):
        return [], 1.0


class LoadsForEachPhoto(Right):
    def predict(self, path, top_k=5):
        self.loaded = models.load_classifier("resnet50")
        return super().predict(path, top_k)


class IgnoresTheName(Right):
    def load(self, model_name):
        return models.load_classifier("resnet18")


class NamesByHand(Right):
    def name(self, place, value):
        return {"class": ("cat", "dog", "tench")[place % 3], "probability": value, "class_id": place}


class ShiftsLabels(Right):
    def name(self, place, value):
        return super().name(place, value) | {"class": self.loaded.labels[(place + 1) % 7]}


class SwapsIds(Right):
    def name(self, place, value):
        return super().name(place, value) | {"class_id": 6 - place}


class ForgetsAKey(Right):
    def name(self, place, value):
        return {"label": self.loaded.labels[place], "probability": value}


class GivesNumbersAsLabels(Right):
    def name(self, place, value):
        return super().name(place, value) | {"class": place}


class GivesPercent(Right):
    def name(self, place, value):
        return super().name(place, value * 100)


class RoundsProbabilities(Right):
    def name(self, place, value):
        return super().name(place, round(value, 2))


class KeepsLogits(Right):
    def rank(self, logits, top_k):
        return logits.topk(top_k)


class SoftmaxOfTheBest(Right):
    def rank(self, logits, top_k):
        values, places = logits.topk(top_k)
        return values.softmax(0), places


class SoftmaxTwice(Right):
    def rank(self, logits, top_k):
        return logits.softmax(0).softmax(0).topk(top_k)


class TakesTheWorst(Right):
    def rank(self, logits, top_k):
        places = logits.argsort()[:top_k]
        return logits.softmax(0)[places], places


class LosesTheOrder(Right):
    def sort_out(self, logits, top_k):
        return sorted(super().sort_out(logits, top_k), key=lambda result: result["class"], reverse=True)


class MixesUpProbabilities(Right):
    def rank(self, logits, top_k):
        places = logits.topk(top_k).indices
        return logits.softmax(0)[:top_k], places


class AlwaysFive(Right):
    def rank(self, logits, top_k):
        return logits.softmax(0).topk(5)


class RemembersTheFirstPhoto(Right):
    @functools.cached_property
    def kept(self):
        return {}

    def predict(self, path, top_k=5):
        if "first" not in self.kept:
            self.kept["first"] = super().predict(path, top_k)
        super().predict(path, top_k)
        return self.kept["first"]


class ForgetsTheTime(Right):
    def predict(self, path, top_k=5):
        return super().predict(path, top_k)[0]


class ReadsTheClockOnce(Right):
    def predict(self, path, top_k=5):
        return super().predict(path, top_k)[0], 0


class TimeAsText(Right):
    def predict(self, path, top_k=5):
        return super().predict(path, top_k)[0], "12 ms"


WRONG_CLASSIFIERS = [
    (RunsInTrainingMode, "ran_in_training_mode"),
    (RecordsAGraph, "graph_recorded"),
    (ForgetsTheBatch, "batch_dimension_missing"),
    (OpensWithPillowAlone, "photo_not_rgb"),
    (PreprocessesByItself, "preprocess_not_called"),
    (LoadsRealWeights, "raised_error"),
    (LoadsForEachPhoto, "model_loaded_again"),
    (IgnoresTheName, "model_name_ignored"),
    (NamesByHand, "labels_of_another_model"),
    (ShiftsLabels, "top_k_off_by_one"),
    (SwapsIds, "label_and_id_differ"),
    (ForgetsAKey, "key_missing"),
    (GivesNumbersAsLabels, "class_number_not_label"),
    (GivesPercent, "probability_in_percent"),
    (KeepsLogits, "logits_not_probabilities"),
    (SoftmaxOfTheBest, "softmax_of_the_best_only"),
    (SoftmaxTwice, "softmax_twice"),
    (TakesTheWorst, "top_k_worst"),
    (LosesTheOrder, "top_k_not_sorted"),
    (MixesUpProbabilities, "probability_of_another_class"),
    (AlwaysFive, "top_k_ignored"),
    (RemembersTheFirstPhoto, "other_photo_answered"),
    (ForgetsTheTime, "latency_not_returned"),
    (ReadsTheClockOnce, "time_not_positive"),
    (TimeAsText, "wrong_type"),
]


@pytest.mark.parametrize(("answer", "cause"), WRONG_CLASSIFIERS)
def test_image_classifier_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_image_classifier, answer, model=FRUIT, top_k=3).causes


def test_rounded_probabilities_are_named(run_check):
    shares = [1 / 7, 4 / 7, 2 / 7]
    sevenths = PretendModel(["ant", "bee", "cat"], {colour: shares for colour in ("red", "green", "blue")})
    causes = run_check(check_image_classifier_results, RoundsProbabilities, models={"resnet152": sevenths}).causes
    assert set(causes) == {"probability_rounded"}


def test_a_model_from_elsewhere_is_named(run_check):
    class Elsewhere(Right):
        def __init__(self, model_name="resnet50", device="auto"):
            self.device = torch.device("cpu")

        def predict(self, path, top_k=5):
            return [{"class": "tabby", "probability": 0.5, "class_id": 281}] * top_k, 3.0

    assert run_check(check_image_classifier, Elsewhere, model=FRUIT, top_k=3).causes == ["loader_not_called"]


class NoRange(Right):
    def predict(self, path, top_k=5):
        top_k_possible = max(1, min(top_k, 7))
        return super().predict(path, top_k_possible)


class RangeFoundByTorch(Right):
    def predict(self, path, top_k=5):
        if top_k < 1:
            raise ValueError("top_k must be 1 or more")
        return self.sort_out(self.run(self.loaded.preprocess(self.open(path))[None])[0], top_k), 1.0


class RangeAsAssertion(Right):
    def predict(self, path, top_k=5):
        assert 1 <= top_k <= 7
        return super().predict(path, top_k)


@pytest.mark.parametrize(
    ("answer", "causes"),
    [
        (NoRange, ["top_k_not_checked"] * 3),
        (RangeFoundByTorch, ["wrong_error_type"]),
        (RangeAsAssertion, ["wrong_error_type"] * 3),
        (AlwaysFive, ["top_k_ignored"]),
    ],
)
def test_top_k_names_the_cause(run_check, answer, causes):
    assert run_check(check_image_classifier_top_k, answer, model=FRUIT, refused=(0, 8, -1)).causes == causes


def test_loading_names_the_cause(run_check):
    class LoadsWhenAsked(Right):
        def predict(self, path, top_k=5):
            self.loaded = models.load_classifier("mobilenet_v2")
            return super().predict(path, top_k)

    assert run_check(check_image_classifier_loading, LoadsWhenAsked, model=FRUIT, photos=4).causes == [
        "model_loaded_again"
    ]


class TimesEverything(Right):
    def predict(self, path, top_k=5):
        start = time.perf_counter()
        results, _ = super().predict(path, top_k)
        return results, (time.perf_counter() - start) * 1000


class TimesPreprocessing(Right):
    def predict(self, path, top_k=5):
        image = self.open(path)
        start = time.perf_counter()
        batch = self.loaded.preprocess(image)[None]
        logits = self.run(batch)
        return self.sort_out(logits[0], top_k), (time.perf_counter() - start) * 1000


class TimesInSeconds(Right):
    def predict(self, path, top_k=5):
        results, elapsed_ms = super().predict(path, top_k)
        return results, elapsed_ms / 1000


class StopsTooEarly(Right):
    def predict(self, path, top_k=5):
        batch = self.loaded.preprocess(self.open(path))[None]
        start = time.perf_counter()
        elapsed = time.perf_counter() - start
        return self.sort_out(self.run(batch)[0], top_k), elapsed * 1000


class ConstantTime(Right):
    def predict(self, path, top_k=5):
        return super().predict(path, top_k)[0], 20.5


DURATIONS = [{"open": 30, "preprocess": 40, "model": 20}, {"open": 40, "preprocess": 40, "model": 60}]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (TimesEverything, "other_work_timed"),
        (TimesPreprocessing, "other_work_timed"),
        (TimesInSeconds, "seconds_not_milliseconds"),
        (StopsTooEarly, "run_not_timed"),
        (ConstantTime, "run_not_timed"),
    ],
)
def test_the_time_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_inference_time, answer, model=FRUIT, durations_ms=DURATIONS).causes


class IgnoresTheDevice(Right):
    def choose(self, device):
        return torch.device("cpu")


class FallsBackInSilence(Right):
    def choose(self, device):
        known = device == "meta" or (device == "auto" and torch.cuda.is_available())
        return torch.device(("cuda" if device == "auto" else device) if known else "cpu")


class AutoIsCpu(Right):
    def choose(self, device):
        return torch.device("cpu" if device == "auto" else device)


class AutoIsCudaAlways(Right):
    def choose(self, device):
        return torch.device("cuda:77" if device == "auto" else device)


class LeavesThePhotoBehind(Right):
    def run(self, batch):
        return super().run(batch.cpu() if batch.device.type == "cpu" else torch.zeros(batch.shape))


class NamesNoDevice(Right):
    def __init__(self, model_name="resnet50", device="auto"):
        super().__init__(model_name, device)
        self.where = self.device

    def predict(self, path, top_k=5):
        self.device = self.where
        value = super().predict(path, top_k)
        del self.device
        return value


class NothingLoaded:
    def __init__(self, model_name="resnet50", device="auto"):
        pass

    def predict(self, path, top_k=5):
        return [{"class": "tabby", "probability": 0.5, "class_id": 281}] * top_k, 3.0


class AnswersWithoutTheModel(Right):
    def predict(self, path, top_k=5):
        super().predict(path, top_k)
        return [{"class": "tabby", "probability": 0.5, "class_id": 281}] * top_k, 3.0


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (IgnoresTheDevice, "device_ignored"),
        (FallsBackInSilence, "device_replaced"),
        (AutoIsCpu, "auto_ignores_gpu"),
        (AutoIsCudaAlways, "raised_error"),
        (LeavesThePhotoBehind, "raised_error"),
        (NamesNoDevice, "device_attribute_wrong"),
        (NothingLoaded, "loader_not_called"),
        (AnswersWithoutTheModel, "wrong_values"),
    ],
)
def test_the_device_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_app_device, answer, model=FRUIT, missing=("cuda:99", "gpu")).causes


@pytest.mark.parametrize(
    ("check", "inputs"),
    [
        (check_image_classifier_top_k, {"model": FRUIT, "refused": (0, 8, -1)}),
        (check_app_device, {"model": FRUIT, "missing": ("cuda:99", "gpu")}),
    ],
)
def test_nothing_else_is_named_where_nothing_is_loaded(run_check, check, inputs):
    assert set(run_check(check, NothingLoaded, **inputs).causes) == {"loader_not_called"}


def test_nothing_else_is_named_where_the_device_is_ignored(run_check):
    causes = run_check(check_app_device, IgnoresTheDevice, model=FRUIT, missing=("cuda:99", "gpu")).causes
    assert causes == ["device_ignored"]


class FromTheList(Right):
    def choose(self, device):
        if device == "auto":
            device = [found.name for found in devices.list_devices()][:2][-1]
        return devices.check_device(device)


class FromTheAccelerator(Right):
    def choose(self, device):
        if device == "auto":
            device = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"
        return torch.device(device)


class LoadsLate(Right):
    """Loads with the first photo, and keeps the model."""

    def __init__(self, model_name="resnet50", device="auto"):
        self.device, self.model_name = self.choose(device), model_name

    @functools.cached_property
    def loaded(self):
        loaded = load_classifier(self.model_name)
        loaded.model.to(self.device)
        return loaded


class WithOtherTools(Right):
    """Inference mode, another clock, NumPy, an unusual softmax, a warm-up, words on every stream."""

    def predict(self, path, top_k=5):
        warnings.warn("this only warns", stacklevel=1)
        print("to stderr", file=sys.stderr)
        if top_k not in range(1, len(self.loaded.labels) + 1):
            raise ValueError("top_k")
        batch = torch.stack([self.loaded.preprocess(Image.open(path).convert("RGB"))]).to(self.device)
        with torch.inference_mode():
            self.loaded.model(batch)
            start = timeit.default_timer()
            logits = self.loaded.model.forward(batch)
            stop = timeit.default_timer()
        scores = logits.double().cpu().numpy()[0]
        shares = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
        return tuple(self.name(i, shares[i]) for i in np.argsort(-shares)[:top_k]), torch.tensor((stop - start) * 1000)


class WithWallClock(Right):
    @torch.no_grad()
    def predict(self, path, top_k=5):
        if top_k < 1 or top_k > len(self.loaded.labels):
            raise images.ImageError("out of range")
        batch = self.loaded.preprocess(self.open(str(path)))[None].to(self.device)
        start = time.time_ns()
        logits = self.loaded.model(batch)[0].cpu()
        ranking = sorted(enumerate(logits.softmax(-1).tolist()), key=lambda pair: -pair[1])[:top_k]
        results = [{"class_id": i, "class": self.loaded.labels[i], "probability": p} for i, p in ranking]
        return [results, (time.time_ns() - start) / 1e6]


CLASSIFIER_CHECKS = [
    (check_image_classifier, {"model": FRUIT, "top_k": 3}),
    (check_image_classifier_results, {"models": {"efficientnet_lite1": ANIMALS, "resnet152": FRUIT}}),
    (check_image_classifier_top_k, {"model": FRUIT, "refused": (0, 8, -1)}),
    (check_image_classifier_loading, {"model": FRUIT, "photos": 5}),
    (check_inference_time, {"model": FRUIT, "durations_ms": DURATIONS}),
    (check_app_device, {"model": FRUIT, "missing": ("cuda:99", "gpu")}),
]


@pytest.mark.parametrize(
    "answer", [Right, FromTheList, FromTheAccelerator, LoadsLate, WithOtherTools, WithWallClock], ids=str
)
@pytest.mark.parametrize(("check", "inputs"), CLASSIFIER_CHECKS)
def test_image_classifier_accepts(run_check, check, inputs, answer):
    assert run_check(check, answer, **inputs).causes == []


def test_image_classifier_gives_partial_credit(run_check):
    answers = (AlwaysFive, TimesEverything, AutoIsCpu, RecordsAGraph)
    passed = [[run_check(check, a, **inputs).passed for check, inputs in CLASSIFIER_CHECKS] for a in answers]
    assert [sum(row) for row in passed] == [3, 5, 5, 5]


def test_what_lies_beside_the_answer_knows_no_probability():
    packed = Packer().pack(Loaded(FRUIT).make_parts())
    assert b"elderberry" in packed
    for share in FRUIT.shares["red"]:
        logit = torch.tensor(share).log() + 2
        forms = (struct.pack(kind, number) for kind in ("<f", "<d", ">d") for number in (share, logit))
        assert not any(form in packed for form in forms)


def test_a_pretended_model_is_gone_after_its_check(run_check):
    run_check(check_image_classifier, Right, model=FRUIT, top_k=3)
    assert len(models.load_classifier("efficientnet_lite0").labels) == 1000
    assert [found.name for found in devices.list_devices() if found.name == "meta"] == []


# --- main -----------------------------------------------------------------------------------------------------

ImageClassifier = Right  # what `main` finds when no check replaces it


def format_results(results, inference_ms):
    lines = [f"Top {len(results)} Predictions (inference: {inference_ms:.2f}ms):"]
    for place, result in enumerate(results, start=1):
        lines.append(f"  {place}. {result['class']:<30} {result['probability'] * 100:>6.2f}%")
    return "\n".join(lines)


def make_parser(**top_k):
    parser = argparse.ArgumentParser()
    parser.add_argument("image")
    parser.add_argument("--model", default="resnet50")
    parser.add_argument("--top-k", **({"type": int, "default": 5} | top_k))
    parser.add_argument("--device", default="auto")
    return parser


def classify(options):
    classifier = ImageClassifier(options.model, options.device)
    return classifier.predict(options.image, options.top_k)


def right_main(argv):
    options = make_parser().parse_args(argv)
    try:
        print(format_results(*classify(options)))
    except images.ImageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def argv_of_the_process(argv):
    return right_main(sys.argv[1:])


def top_k_as_text(argv):
    print(format_results(*classify(make_parser(type=str).parse_args(argv))))
    return 0


def other_default(argv):
    print(format_results(*classify(make_parser(default=3).parse_args(argv))))
    return 0


def option_misspelt(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument("image")
    parser.add_argument("--topk", type=int, default=5)
    parser.parse_args(argv)
    return 0


def model_not_passed_on(argv):
    options = make_parser().parse_args(argv)
    print(format_results(*ImageClassifier(device=options.device).predict(options.image, options.top_k)))
    return 0


def device_not_passed_on(argv):
    options = make_parser().parse_args(argv)
    print(format_results(*ImageClassifier(options.model).predict(options.image, top_k=options.top_k)))
    return 0


def model_and_device_swapped(argv):
    options = make_parser().parse_args(argv)
    print(format_results(*ImageClassifier(options.device, options.model).predict(options.image, options.top_k)))
    return 0


def made_twice(argv):
    classify(make_parser().parse_args(argv))
    return right_main(argv)


def nothing_returned(argv):
    right_main(argv)


def nothing_printed(argv):
    classify(make_parser().parse_args(argv))
    return 0


def own_heading(argv):
    results, inference_ms = classify(make_parser().parse_args(argv))
    print(f"Results after {inference_ms} ms", *results, sep="\n")
    return 0


def wrong_lines(argv):
    results, inference_ms = classify(make_parser().parse_args(argv))
    print(format_results(results, inference_ms).replace("1.", "0."))
    return 0


def one_for_success(argv):
    right_main(argv)
    return 1


def no_classifier(argv):
    make_parser().parse_args(argv)
    return 0


def bug_inside(argv):
    return right_main(argv)[0]


CATS = [
    {"class": "tabby", "probability": 0.52134, "class_id": 281},
    {"class": "tiger cat", "probability": 0.30021, "class_id": 282},
    {"class": "Egyptian cat", "probability": 0.09, "class_id": 285},
]
OUTPUT = """
Top 2 Predictions (inference: 12.35ms):
  1. tabby                           52.13%
  2. tiger cat                       30.02%
"""
RUNS = [ProgramRun(["cat.jpg", "--top-k", "2"], CATS, inference_ms=12.347, output=OUTPUT)]
CASES = [
    (["dog.jpg"], {"photo": "dog.jpg"}),
    (["dog.jpg", "--model", "resnet18"], {"photo": "dog.jpg", "model": "resnet18"}),
    (["--device", "cpu", "a photo.png"], {"photo": "a photo.png", "device": "cpu"}),
    (["dog.jpg", "--top-k", "10"], {"photo": "dog.jpg", "top_k": 10}),
]
BROKEN = {"photo": "holiday.jpg", "reason": "is damaged or cut short: choose another photo."}


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (argv_of_the_process, "argv_ignored"),
        (top_k_as_text, "option_is_text"),
        (option_misspelt, "option_unknown"),
        (made_twice, "model_loaded_again"),
        (nothing_returned, "exit_code_missing"),
        (nothing_printed, "nothing_printed"),
        (own_heading, "heading_differs"),
        (wrong_lines, "lines_differ"),
        (one_for_success, "wrong_exit_code"),
        (no_classifier, "classifier_not_used"),
        (bug_inside, "raised_error"),
        (lambda argv: None, "classifier_not_used"),
    ],
)
def test_main_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_main, answer, runs=RUNS).causes


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (argv_of_the_process, "argv_ignored"),
        (top_k_as_text, "option_is_text"),
        (other_default, "wrong_default"),
        (model_not_passed_on, "option_ignored"),
        (device_not_passed_on, "option_ignored"),
        (model_and_device_swapped, "wrong_default"),
        (option_misspelt, "option_unknown"),
    ],
)
def test_main_names_the_option(run_check, answer, cause):
    assert cause in run_check(check_main_options, answer, cases=CASES).causes


def error_not_caught(argv):
    print(format_results(*classify(make_parser().parse_args(argv))))
    return 0


def error_printed_to_stdout(argv):
    try:
        return error_not_caught(argv)
    except images.ImageError as error:
        print(error)
        return 2


def error_with_exit_code_zero(argv):
    try:
        return error_not_caught(argv)
    except images.ImageError as error:
        print(error, file=sys.stderr)
        return 0


def error_with_nothing_said(argv):
    try:
        return error_not_caught(argv)
    except images.ImageError:
        return 2


def error_without_exit_code(argv):
    try:
        error_not_caught(argv)
    except images.ImageError as error:
        print(error, file=sys.stderr)


def error_with_its_traceback(argv):
    try:
        return error_not_caught(argv)
    except images.ImageError:
        traceback.print_exc()
        return 2


def error_as_text_for_exit(argv):
    try:
        return error_not_caught(argv)
    except images.ImageError as error:
        sys.exit(str(error))


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (error_not_caught, "traceback_shown"),
        (error_printed_to_stdout, "error_on_stdout"),
        (error_with_exit_code_zero, "exit_code_zero"),
        (error_with_nothing_said, "error_not_explained"),
        (error_with_its_traceback, "traceback_shown"),
        (error_as_text_for_exit, "wrong_exit_code"),
        (error_without_exit_code, "exit_code_missing"),
        (argv_of_the_process, "argv_ignored"),
        (option_misspelt, "classifier_not_used"),
        (lambda argv: print("error"), "classifier_not_used"),
    ],
)
def test_main_names_the_fault_in_an_error(run_check, answer, cause):
    assert cause in run_check(check_main_errors, answer, **BROKEN).causes


def with_sys_exit(argv):
    try:
        results, inference_ms = classify(make_parser().parse_args(argv))
    except ValueError as error:
        make_parser().error(str(error))
    print("Loading", "Using the device cpu", "", sep="\n")
    print(format_results(results, inference_ms))
    sys.exit(0)


def with_words_around(argv):
    try:
        options = make_parser().parse_args(args=argv)
        classifier = ImageClassifier(model_name=options.model, device=options.device)
        print("Using device:", classifier.device)
        results, inference_ms = classifier.predict(Path(options.image), top_k=options.top_k)
    except images.ImageError as error:
        sys.stderr.write(f"cannot classify: {error}\n")
        raise SystemExit(2) from None
    print(f"\nTop {len(results)} Predictions (inference: {inference_ms:.2f} ms):")
    for number, result in enumerate(results, 1):
        print(number, ". ", result["class"], f"{result['probability']:9.2%}", sep="")
    print("Done.")
    return 0


def with_own_reading(argv):
    words, found = list(argv), {"--model": "resnet50", "--top-k": "5", "--device": "auto"}
    while any(name in words for name in found):
        place = next(place for place, word in enumerate(words) if word in found)
        name, value = words.pop(place), words.pop(place)
        found[name] = value
    try:
        classifier = ImageClassifier(found["--model"], found["--device"])
        print(format_results(*classifier.predict(words[0], int(found["--top-k"]))))
    except images.ImageError as error:
        return print(error, file=sys.stderr) or 2
    return False


MAIN_CHECKS = [
    (check_main, {"runs": RUNS}),
    (check_main_options, {"cases": CASES}),
    (check_main_errors, BROKEN),
]


@pytest.mark.parametrize("answer", [right_main, with_sys_exit, with_words_around, with_own_reading])
def test_main_accepts(run_check, answer):
    for check, inputs in MAIN_CHECKS:
        assert run_check(check, answer, **inputs).causes == []


def test_main_gives_partial_credit(run_check):
    answers = (model_not_passed_on, error_not_caught, wrong_lines)
    passed = [[run_check(check, a, **inputs).passed for check, inputs in MAIN_CHECKS] for a in answers]
    assert passed == [[True, False, False], [True, True, False], [False, True, False]]


def interrupted(argv):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("check", "inputs"),
    [
        (check_main, {"runs": RUNS}),
        (check_handle_errors_bugs, {"error": UserError("photo", ["a"], "a", ["a"]), "bugs": [KeyboardInterrupt()]}),
    ],
)
def test_a_real_interrupt_comes_out(check, inputs):
    with pytest.raises(KeyboardInterrupt):
        check(interrupted, **inputs)


def test_a_check_leaves_the_students_class_in_place(run_check):
    run_check(check_main, right_main, runs=RUNS)
    assert ImageClassifier is Right and sys.argv[0] != "image_classifier.py"


# --- handle_errors --------------------------------------------------------------------------------------------

MISSING = "The trained weights of resnet50 are not on this computer.\nTwo ways out:\n1. fetch them\n2. another model"
USER_ERRORS = [
    UserError("photo", ["dgo.jpg"], "There is no file dgo.jpg: check the spelling.", ["dgo.jpg", "spelling"]),
    UserError("device", ["a.jpg", "--device", "cuda"], "'cuda' is not available here; available: cpu.", ["cpu"]),
    UserError("top_k", ["a.jpg", "--top-k", "0"], "top_k must lie between 1 and 1000, and it is 0.", ["1000"]),
    UserError("weights", ["a.jpg"], MISSING, ["Two ways out", "another model"]),
    UserError("memory", ["a.jpg", "--model", "vit_h_14"], "CUDA out of memory. Tried 20 MiB.", ["memory"]),
]
UNKNOWN = UserError("model", ["a.jpg", "--model", "x"], "There is no model named 'x'.", ["no model"])
BUGS = [NameError("name 'modle' is not defined"), TypeError("unsupported operand"), KeyboardInterrupt()]


def catching(*types, tell=lambda error: " ".join(str(error).split()), code=2):
    def main(argv):
        try:
            print(format_results(*classify(make_parser().parse_args(argv))))
        except types as error:
            print(tell(error), file=sys.stderr)
            return code
        return 0

    return main


USERS = (ValueError, WeightsError, torch.OutOfMemoryError)
ERRORS_CHECKS = [
    (check_handle_errors, {"errors": USER_ERRORS}),
    (check_handle_errors_bugs, {"error": UNKNOWN, "bugs": BUGS}),
]


def all_is_an_error(argv):
    print("error: There is no file dgo.jpg: check the spelling.", file=sys.stderr)
    return 2


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (catching(images.ImageError), "traceback_shown"),
        (catching(ValueError, WeightsError), "traceback_shown"),
        (catching(*USERS, tell=str), "error_in_many_lines"),
        (catching(*USERS, tell=lambda error: type(error).__name__), "error_not_explained"),
        (catching(*USERS, tell=lambda error: ""), "error_not_explained"),
        (catching(*USERS, tell=lambda error: str(error).splitlines()[0]), "error_not_explained"),
        (catching(*USERS, tell=lambda error: traceback.format_exc()), "traceback_shown"),
        (catching(*USERS, tell=lambda error: print(" ".join(str(error).split())) or ""), "error_on_stdout"),
        (catching(*USERS, code=0), "exit_code_zero"),
        (catching(*USERS, code=None), "exit_code_zero"),
        (catching(*USERS, code=1), "wrong_exit_code"),
        (all_is_an_error, "success_lost"),
    ],
)
def test_handle_errors_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_handle_errors, answer, errors=USER_ERRORS).causes


@pytest.mark.parametrize(
    ("types", "causes"),
    [
        ((Exception,), ["bug_swallowed"] * 2),
        ((BaseException,), ["bug_swallowed"] * 3),
        ((images.ImageError,), ["traceback_shown"]),
    ],
)
def test_handle_errors_names_what_is_swallowed(run_check, types, causes):
    assert run_check(check_handle_errors_bugs, catching(*types), error=UNKNOWN, bugs=BUGS).causes == causes


def with_parser_error(argv):
    parser = make_parser()
    options = parser.parse_args(argv)
    try:
        results, inference_ms = classify(options)
    except USERS as error:
        parser.error(str(error).replace("\n", "; "))
    print(format_results(results, inference_ms))
    return 0


def with_several_blocks(argv):
    options = make_parser().parse_args(argv)
    problem = None
    try:
        print(format_results(*classify(options)))
    except images.ImageError as error:
        problem = f"photo: {error}"
    except ValueError as error:
        problem = f"option: {error}"
    except RuntimeError as error:
        problem = "run: " + ", ".join(str(error).splitlines())
    if problem:
        sys.stderr.write(problem + "\n")
        sys.exit(2)
    return 0


@pytest.mark.parametrize("answer", [catching(*USERS), with_parser_error, with_several_blocks])
def test_handle_errors_accepts(run_check, answer):
    for check, inputs in ERRORS_CHECKS:
        assert run_check(check, answer, **inputs).causes == []


def option_lost(argv):
    options = make_parser().parse_args(argv)
    try:
        print(format_results(*ImageClassifier(options.model, options.device).predict(options.image)))
    except USERS as error:
        print(*str(error).split(), file=sys.stderr)
        return 2
    return 0


def test_handle_errors_names_an_option_that_was_lost(run_check):
    assert run_check(check_handle_errors, option_lost, errors=USER_ERRORS).causes == ["option_ignored"]


def test_the_core_main_alone_earns_nothing_for_handling_errors(run_check):
    assert not any(run_check(check, right_main, **inputs).passed for check, inputs in ERRORS_CHECKS)


# --- all ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("check", "inputs"), MAIN_CHECKS + ERRORS_CHECKS)
def test_the_empty_stub_fails(run_check, check, inputs):
    assert set(run_check(check, empty_stub, **inputs).causes) == {"not_answered"}


@pytest.mark.parametrize(("check", "inputs"), MAIN_CHECKS + ERRORS_CHECKS)
@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_strange_results_fail_without_a_crash(run_check, check, inputs, value):
    result = run_check(check, lambda *arguments: value, **inputs)
    assert not result.passed
    assert "cannot_compare" not in result.causes


class EmptyStub:
    def __init__(self, model_name="resnet50", device="auto"):
        raise NotImplementedError()

    def predict(self, path, top_k=5):
        raise NotImplementedError()


class HalfAStub(EmptyStub):
    def __init__(self, model_name="resnet50", device="auto"):
        auto = "cuda" if torch.cuda.is_available() else "cpu"
        models.load_classifier(model_name).model.to(device.replace("auto", auto))


@pytest.mark.parametrize(("check", "inputs"), CLASSIFIER_CHECKS)
def test_the_empty_class_fails(run_check, check, inputs):
    assert set(run_check(check, EmptyStub, **inputs).causes) == {"not_answered"}
    assert "not_answered" in run_check(check, HalfAStub, **inputs).causes


STRANGE_PREDICTIONS = [*STRANGE, ([], 1.0), ([{}], 1.0), ([{"class": 1}] * 3, 1.0), ("ab", "cd"), (None, 2)]


@pytest.mark.parametrize("value", STRANGE_PREDICTIONS)
def test_strange_predictions_fail_without_a_crash(run_check, value):
    class Strange(Right):
        def predict(self, path, top_k=5):
            super().predict(path, top_k)
            return value

    for check, inputs in CLASSIFIER_CHECKS[:2]:
        result = run_check(check, Strange, **inputs)
        assert not result.passed
        assert "cannot_compare" not in result.causes


@pytest.mark.parametrize("value", [3, "text", None, object()])
def test_something_that_is_no_class_fails_without_a_crash(run_check, value):
    for check, inputs in CLASSIFIER_CHECKS:
        result = run_check(check, value, **inputs)
        assert not result.passed and "cannot_compare" not in result.causes
