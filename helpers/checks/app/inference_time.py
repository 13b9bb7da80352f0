"""Checks of notebook 07: the time that `ImageClassifier.predict` reports.

The steps of a photo really take as long as the check says, and the time that came is compared with what passed
between them, by the check's own clock. Whatever a step needs to be told and to answer counts for the step, so a
right answer passes on the slowest computer, with any clock; no number of milliseconds counts.
"""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from unittest.mock import patch

from helpers.checks.app.classifier_calls import setting
from helpers.checks.app.pretend_models import PretendModel
from helpers.checks.report import Check
from helpers.images import opening
from helpers.line.asking import require_live
from helpers.line.callbacks import Callback

SLACK_MS = 1.0  # for rounding to whole milliseconds
RETURN = "return"  # the step after the last: the answer is back


class TimedSteps:
    """Lets each step of a photo take its time ("open", "preprocess", "model"), and notes when it began and ended."""

    def __init__(self) -> None:
        self.durations_ms: Mapping[str, float] = {}
        self.began: dict[str, float] = {}
        self.ended: dict[str, float] = {}

    def __call__(self, step: str) -> None:
        self.began[step] = time.perf_counter()
        time.sleep(self.durations_ms.get(step, 0) / 1000)
        self.ended[step] = time.perf_counter()


@contextlib.contextmanager
def tell_steps(step: Callback) -> Iterator[None]:
    """Beside the answer: tell the check when a photo is opened, and when the answer is back."""
    decode = opening.decode_image

    def decode_slowly(*args: Any, **kwargs: Any) -> Any:
        step("open")
        return decode(*args, **kwargs)

    with patch.object(opening, "decode_image", decode_slowly):
        yield
        step(RETURN)


def check_inference_time(
    image_classifier: type, *, model: PretendModel, durations_ms: Sequence[Mapping[str, float]]
) -> None:
    """Check `inference_ms` for photos whose steps take these times, for example {"open": 30, "model": 20}."""
    require_live(image_classifier)
    steps, about = TimedSteps(), "the time of the model's run alone, in milliseconds"
    with setting(about, image_classifier, {"resnet34": model}, step=steps) as given:
        given.pretences = [partial(tell_steps, Callback(steps))]
        for times in durations_ms:
            with given.check.probe(f"a photo that takes {_name(times)}"):
                steps.durations_ms = {}
                classifier = given.make("resnet34", "cpu")
                steps.durations_ms = times
                _, inference_ms = given.predict(classifier, "red", 1)
                _expect_time(given.check, inference_ms, steps)


def _name(times: Mapping[str, float]) -> str:
    return ", ".join(f"{duration} ms to {step}" for step, duration in times.items())


def _expect_time(check: Check, inference_ms: float, steps: TimedSteps) -> None:
    """Fail unless the time covers the model's run, and nothing from before the end of the preprocessing."""
    least = (steps.ended["model"] - steps.began["model"]) * 1000 - SLACK_MS
    most = (steps.began[RETURN] - steps.ended["preprocess"]) * 1000 + SLACK_MS
    if least <= inference_ms <= most:
        return
    cause = "other_work_timed" if inference_ms > most else "run_not_timed"
    if least <= inference_ms * 1000 <= most:
        cause = "seconds_not_milliseconds"
    expected = f"about {steps.durations_ms['model']} ms: the model's run, without opening and preprocessing"
    check.fail(cause, got=f"{inference_ms:.3f}", expected=expected)
