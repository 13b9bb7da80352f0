"""Checks of notebook 07: size, latency and right answers of several models."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from PIL import Image

from helpers.checks.app.pretend_models import COLOURS, Loaded, PretendModel
from helpers.checks.app.stand_ins import call_with_classifiers
from helpers.checks.fake_clock import READ, FakeClock
from helpers.checks.model_calls import expect_eval
from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer, as_number
from helpers.line.callbacks import Callback

TRAINING = ("ran_in_training_mode", "eval_too_late")
KEYS = ("model", "size_mb", "latency_ms", "right")
FIRST_CALL_MS, PREPROCESS_MS = 400.0, 47.0
SIZE_TOLERANCE_MB = 0.051  # rounding to one decimal is fine
TIME_TOLERANCE_MS = 0.051


@dataclass(frozen=True)
class Candidate:
    """A model for the comparison: its name, answers, parameters, and what each run takes, in turn."""

    name: str
    answers: PretendModel
    numbers: int  # parameters, apart from some dozens
    dtype: torch.dtype
    latencies_ms: Sequence[float]  # of the photos, in their order


def check_compare_models(
    compare_models: Callable, *, candidates: Sequence[Candidate], photos: Sequence[tuple[str, Sequence[str]]], right
) -> None:
    """Check `compare_models(classifiers, photos, clock)`; `right` is the number of right answers of each candidate."""
    about = "size, median latency and right answers of each model"
    with checking("compare_models", about) as check, check.probe(f"{len(candidates)} models, {len(photos)} photos"):
        rows = _compare(check, compare_models, candidates, photos)
        for row, candidate, number in zip(rows, candidates, right, strict=True):
            _expect_size(check, row, candidate)
            _expect_latency(check, row, candidate)
            if not any(failure.cause in TRAINING for failure in check.failures):  # or that explains a wrong number
                _expect_right(check, row, candidate, number, len(photos))


def _compare(check: Check, compare_models: Callable, candidates: Sequence[Candidate], photos) -> list[dict]:
    clock = FakeClock()
    loaded = [_load(candidate, clock) for candidate in candidates]
    pairs = [(Image.new("RGB", (12, 9), COLOURS[colour]), tuple(labels)) for colour, labels in photos]
    parts = [one.make_parts(shows_mode=True) for one in loaded]
    built = [(one.name, part, one.numbers, one.dtype) for one, part in zip(candidates, parts, strict=True)]
    given = {"candidates": built, "photos": pairs, "clock": Callback(clock)}
    value = check.ask_or("raised_error", call_with_classifiers, compare_models, **given)
    wanted = f"a list of {len(candidates)} dictionaries with the keys {', '.join(KEYS)}"
    if not isinstance(value, list | tuple) or not all(isinstance(row, dict) for row in value):
        check.stop("wrong_type", got=value, expected=wanted)
    if [row.get("model") for row in value] != [candidate.name for candidate in candidates]:
        check.stop("wrong_rows", got=[row.get("model") for row in value], expected=wanted)
    for one in loaded:
        if not one.log.calls:
            check.stop("model_not_called", got=value, expected="runs of every model")
        expect_eval(check, one.log, in_training_now=one.log.calls[-1].in_training)
    missing = [key for row in value for key in KEYS if key not in row]
    if missing:
        check.stop("key_missing", got=f"no {missing[0]!r}", expected=wanted)
    if READ not in clock.log:
        check.stop("clock_ignored", got="a clock of your own", expected="the clock that is given")
    return list(value)


def _load(candidate: Candidate, clock: FakeClock) -> Loaded:
    """Load a model whose first run takes long, and whose preprocessing takes time as well."""

    def step(name: str) -> None:
        costs = [FIRST_CALL_MS, *candidate.latencies_ms]
        run = len(loaded.log.calls) - 1 if name == "model" else 0
        place = 0 if run == 0 else 1 + (run - 1) % len(candidate.latencies_ms)
        clock.now_s += (PREPROCESS_MS if name == "preprocess" else costs[place]) / 1000

    loaded = Loaded(candidate.answers, step)
    return loaded


def _expect_size(check: Check, row: dict, candidate: Candidate) -> None:
    right, size = candidate.numbers * candidate.dtype.itemsize / 1e6, _read_number(check, row, "size_mb")
    if abs(size - right) <= SIZE_TOLERANCE_MB:
        return
    wrong = {
        "parameters_not_bytes": candidate.numbers / 1e6,
        "mebibytes": right * 1e6 / 2**20,
        "bytes_assumed": candidate.numbers * 4 / 1e6,
        "bytes_not_megabytes": right * 1e6,
    }
    fitting = [cause for cause, other in wrong.items() if abs(size - other) <= SIZE_TOLERANCE_MB + other * 1e-4]
    got, expected = f"{candidate.name}: {size:,.2f} MB", f"{right:,.2f} MB"
    check.fail(fitting[0] if fitting else "wrong_size", got=got, expected=expected)


def _expect_latency(check: Check, row: dict, candidate: Candidate) -> None:
    times, value = list(candidate.latencies_ms), _read_number(check, row, "latency_ms")
    right = statistics.median(times)
    if abs(value - right) <= TIME_TOLERANCE_MS:
        return
    wrong = [
        ("seconds_not_milliseconds", right / 1000),
        ("warm_up_counted", statistics.median([FIRST_CALL_MS, *times[:-1]])),
        ("warm_up_counted", statistics.median([FIRST_CALL_MS, *times])),
        ("mean_not_median", statistics.mean(times)),
        ("latencies_not_sorted", times[len(times) // 2]),
        ("time_of_all_calls", sum(times)),
        ("other_work_timed", right + PREPROCESS_MS),
    ]
    fitting = [cause for cause, other in wrong if abs(value - other) <= min(TIME_TOLERANCE_MS, other / 100)]
    got = f"{candidate.name}: {value:.4g} ms"
    check.fail(fitting[0] if fitting else "other_latency", got=got, expected=f"{right:.4g} ms")


def _expect_right(check: Check, row: dict, candidate: Candidate, right: int, photos: int) -> None:
    number = as_integer(row["right"])
    if number is None:
        check.stop("wrong_type", got=row["right"], expected="a whole number of photos")
    if number != right:
        cause = "wrong_answers_counted" if number == photos - right else "answers_miscounted"
        check.fail(cause, got=f"{candidate.name}: {number} of {photos}", expected=f"{right} of {photos}")


def _read_number(check: Check, row: dict, key: str) -> float:
    number = as_number(row[key])
    if number is None:
        check.stop("wrong_type", got=row[key], expected=f"a number under {key!r}")
    return number
