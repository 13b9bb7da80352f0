"""Checks of notebook 05: wrong answers fail with their cause's name, right answers of any style pass.

No real time is measured: the clock is a fake one, so that a slow machine changes nothing.
"""

import math
import statistics
import sys
import time
import warnings
from collections import OrderedDict
from contextlib import contextmanager
from functools import partial

import numpy as np
import pytest
import torch

from helpers.checks.fake_clock import CALL, READ, FakeClock, ScriptedWork, count_calls_between_readings
from helpers.checks.latency.changed_logits import CHANGES, make_logits
from helpers.checks.latency.compute_throughput import Batches, check_compute_throughput
from helpers.checks.latency.latency_runs import LatencyRun
from helpers.checks.latency.measure_latency import (
    check_measure_latency,
    check_measure_latency_calls,
    check_measure_latency_median,
    check_measure_latency_p95,
)
from helpers.checks.latency.same_answers import Batch, check_same_answers, check_same_answers_nan


def not_answered(*args, **kwargs):
    raise NotImplementedError


# measure_latency ---------------------------------------------------------------------------------------

ODD = LatencyRun(costs_ms=[31, 11, 12, 500, 13], median_ms=13, slow_first_ms=[900, 700])
COSTS = [10] * 100  # with six of 50 and two of 400 among them
COSTS[3:90:15], COSTS[7], COSTS[64] = [50] * 6, 400, 400
PLATEAUS = LatencyRun(costs_ms=COSTS, median_ms=10, p95_ms=50, slow_first_ms=[900, 800, 700])
ONE = LatencyRun(costs_ms=[20], median_ms=20, p95_ms=20, starts_at_s=86_400)


def collect(fn, iterations, clock):
    latencies = []
    for _ in range(iterations):
        start = clock()
        fn()
        latencies.append((clock() - start) * 1000)
    return latencies


def summarize(latencies):
    return {"median_ms": float(np.median(latencies)), "p95_ms": float(np.percentile(latencies, 95))}


def measure_usual(fn, *, warmup, iterations, clock=time.perf_counter):
    for _ in range(warmup):
        fn()
    return summarize(collect(fn, iterations, clock))


def make_measure(change):
    """Return measure_latency with another last step: `change(latencies)` gives the result."""

    def measure(fn, *, warmup, iterations, clock=time.perf_counter):
        for _ in range(warmup):
            fn()
        return change(collect(fn, iterations, clock))

    return measure


def measure_once_around(fn, *, warmup, iterations, clock=time.perf_counter):
    for _ in range(warmup):
        fn()
    start = clock()
    for _ in range(iterations):
        fn()
    mean = (clock() - start) / iterations * 1000
    return {"median_ms": mean, "p95_ms": mean}


def measure_without_warm_up(fn, *, warmup, iterations, clock=time.perf_counter):
    return summarize(collect(fn, iterations, clock))


def measure_with_warm_up(fn, *, warmup, iterations, clock=time.perf_counter):
    return summarize(collect(fn, warmup + iterations, clock))


def measure_own_clock(fn, *, warmup, iterations, clock=time.perf_counter):
    return measure_usual(fn, warmup=warmup, iterations=iterations)


def measure_one_too_many(fn, *, warmup, iterations, clock=time.perf_counter):
    return measure_usual(fn, warmup=warmup + 1, iterations=iterations, clock=clock)


def measure_nothing(fn, *, warmup, iterations, clock=time.perf_counter):
    return summarize([clock() for _ in range(iterations)])


def measure_for_ever(fn, *, warmup, iterations, clock=time.perf_counter):
    while clock() < 1e9:
        pass


def measure_end_of_last_call(fn, *, warmup, iterations, clock=time.perf_counter):
    start, latencies = clock(), []
    for _ in range(warmup):
        fn()
    for _ in range(iterations):
        fn()
        end = clock()
        latencies.append((end - start) * 1000)
        start = end
    return summarize(latencies)


def without_sorting(latencies):
    return {"median_ms": latencies[len(latencies) // 2], "p95_ms": latencies[int(0.95 * len(latencies))]}


WRONG_MEASURES = {
    "blank": (not_answered, "not_answered"),
    "once around": (measure_once_around, "clock_read_too_rarely"),
    "end of last call": (measure_end_of_last_call, "clock_read_too_rarely"),
    "no warm-up": (measure_without_warm_up, "warm_up_left_out"),
    "warm-up counted": (measure_with_warm_up, "warm_up_counted"),
    "own clock": (measure_own_clock, "clock_ignored"),
    "one too many": (measure_one_too_many, "wrong_number_of_calls"),
    "never called": (measure_nothing, "function_not_called"),
    "for ever": (measure_for_ever, "raised_error"),
    "no clock": (lambda fn, *, warmup, iterations: None, "raised_error"),
    "list": (make_measure(list), "wrong_type"),
    "None": (make_measure(lambda latencies: None), "wrong_type"),
    "keys": (make_measure(lambda latencies: {"median": 1, "p95": 2}), "key_missing"),
    "no p95": (make_measure(lambda latencies: {"median_ms": np.median(latencies)}), "key_missing"),
    "text": (make_measure(lambda latencies: {"median_ms": "13 ms", "p95_ms": "500 ms"}), "not_one_number"),
    "nan": (make_measure(lambda latencies: {"median_ms": math.nan, "p95_ms": 500}), "not_one_number"),
    "all": (make_measure(lambda latencies: {"median_ms": latencies, "p95_ms": latencies}), "not_one_number"),
    "seconds": (make_measure(lambda ms: summarize([value / 1000 for value in ms])), "seconds_not_milliseconds"),
    "microseconds": (make_measure(lambda ms: summarize([value * 1000 for value in ms])), "milliseconds_twice"),
    "mean": (make_measure(lambda ms: summarize(ms) | {"median_ms": np.mean(ms)}), "mean_not_median"),
    "mean as p95": (make_measure(lambda ms: summarize(ms) | {"p95_ms": np.mean(ms)}), "mean_not_p95"),
    "minimum": (make_measure(lambda ms: summarize(ms) | {"median_ms": min(ms)}), "fastest_taken"),
    "total": (make_measure(lambda ms: summarize(ms) | {"median_ms": sum(ms)}), "time_of_all_calls"),
    "other": (make_measure(lambda ms: summarize(ms) | {"median_ms": 77.7}), "other_latency"),
    "swapped": (
        make_measure(lambda ms: {"median_ms": summarize(ms)["p95_ms"], "p95_ms": summarize(ms)["median_ms"]}),
        "median_p95_swapped",
    ),
    "not sorted": (make_measure(without_sorting), "latencies_not_sorted"),
}


@pytest.mark.parametrize("name", WRONG_MEASURES)
def test_wrong_measurement_is_named(run_check, name):
    answer, cause = WRONG_MEASURES[name]
    result = run_check(check_measure_latency, answer, runs=[ODD, PLATEAUS], about="a test")
    assert cause in result.causes


WRONG_P95 = {
    "maximum": (max, "slowest_taken"),
    "p99": (lambda ms: np.percentile(ms, 99), "slowest_taken"),
    "p90": (lambda ms: np.percentile(ms, 90), "percentile_too_low"),
    "0.95 of 100": (lambda ms: np.percentile(ms, 0.95), "percentile_too_low"),
    "not sorted": (lambda ms: ms[int(0.95 * len(ms))], "percentile_too_low"),
    "mean": (np.mean, "mean_not_p95"),
    "1.95 medians": (lambda ms: 1.95 * np.median(ms), "other_latency"),
    "total": (sum, "time_of_all_calls"),
    "seconds": (lambda ms: np.percentile(ms, 95) / 1000, "seconds_not_milliseconds"),
}


@pytest.mark.parametrize("name", WRONG_P95)
def test_wrong_percentile_is_named_and_costs_the_percentile_alone(run_check, name):
    p95, cause = WRONG_P95[name]
    answer = make_measure(lambda ms: {"median_ms": np.median(ms), "p95_ms": p95(ms)})
    assert run_check(check_measure_latency_p95, answer, runs=[PLATEAUS]).causes == [cause]
    assert run_check(check_measure_latency_median, answer, runs=[ODD, PLATEAUS]).passed
    assert run_check(check_measure_latency_calls, answer, runs=[ODD, PLATEAUS]).passed


def test_a_percentile_counted_from_0_to_1_is_named(run_check):
    answer = make_measure(lambda ms: {"median_ms": np.percentile(ms, 0.5), "p95_ms": np.percentile(ms, 0.95)})
    run = LatencyRun(costs_ms=[10] * 20 + [30] * 60 + [50] * 20, median_ms=30, p95_ms=50)
    assert run_check(check_measure_latency, answer, runs=[run], about="a test").causes == [
        "fastest_taken",
        "percentile_too_low",
    ]


def test_wrong_calls_do_not_cost_the_median(run_check):
    assert run_check(check_measure_latency_median, measure_one_too_many, runs=[PLATEAUS]).passed
    result = run_check(check_measure_latency_calls, measure_one_too_many, runs=[PLATEAUS])
    assert result.causes == ["wrong_number_of_calls"]


def test_a_clock_without_default_is_named(run_check):
    def answer(fn, *, warmup, iterations, clock):
        return measure_usual(fn, warmup=warmup, iterations=iterations, clock=clock)

    assert run_check(check_measure_latency_calls, answer, runs=[ODD]).causes == ["raised_error"]


def test_a_loop_that_does_not_end_is_stopped(run_check):
    for check in (check_measure_latency_calls, check_measure_latency_median):
        result = run_check(check, measure_for_ever, runs=[ODD])
        assert result.causes == ["raised_error"]
        assert "EndlessLoop" in result.text


def measure_by_timestamps(fn, *, warmup, iterations, clock=time.perf_counter):
    [fn() for _ in range(warmup)]
    stamps = [clock()]
    for _ in range(iterations):
        fn()
        stamps.append(clock())
    return summarize(np.diff(stamps) * 1000)


def measure_with_sorting(fn, warmup=10, iterations=100, clock=time.perf_counter):
    latencies = []
    for number in range(warmup + iterations):
        start = clock()
        fn()
        end = clock()
        if number >= warmup:
            latencies.append(1e3 * (end - start))
    latencies.sort()
    p95 = latencies[max(0, math.ceil(0.95 * len(latencies)) - 1)]
    return OrderedDict(mean_ms=sum(latencies) / iterations, median_ms=latencies[len(latencies) // 2], p95_ms=p95)


def measure_with_tensors(fn, *, warmup, iterations, clock=time.perf_counter):
    collect(fn, warmup, clock)
    latencies = torch.tensor(collect(fn, iterations, clock), dtype=torch.float64)
    return {"median_ms": latencies.median(), "p95_ms": latencies.quantile(0.95), "all": latencies}


def measure_with_context(fn, *, warmup, iterations, clock=time.perf_counter):
    latencies = []

    @contextmanager
    def stopwatch():
        start = clock()
        yield
        latencies.append(clock() - start)

    for _ in range(warmup):
        fn()
    for _ in range(iterations):
        with stopwatch():
            fn()
    nearest = np.percentile(latencies, 95, method="nearest")
    return {"median_ms": round(statistics.median(latencies) * 1000, 2), "p95_ms": round(nearest * 1000, 2)}


def measure_noisily(fn, *, warmup, iterations, clock=time.perf_counter):
    print("warming up ...", file=sys.stderr)
    warnings.warn("the machine is busy", stacklevel=1)
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    return measure_usual(fn, warmup=warmup, iterations=iterations, clock=clock)


RIGHT_MEASURES = [
    measure_usual,
    measure_by_timestamps,
    measure_with_sorting,
    measure_with_tensors,
    measure_with_context,
    measure_noisily,
]


@pytest.mark.filterwarnings("ignore:the machine is busy")
@pytest.mark.parametrize("answer", RIGHT_MEASURES)
def test_right_measurement_passes(run_check, answer, capfd):
    for check in (
        partial(check_measure_latency, about="a test"),
        check_measure_latency_calls,
        check_measure_latency_median,
        check_measure_latency_p95,
    ):
        result = run_check(check, answer, runs=[ODD, PLATEAUS, ONE])
        assert result.passed, result.text
    assert capfd.readouterr().err == ""


def test_calls_between_readings_are_counted():
    assert count_calls_between_readings([CALL, CALL]) == [0, 0]
    assert count_calls_between_readings([CALL, READ, CALL, READ, CALL, CALL, READ, READ, CALL]) == [0, 1, 2, 2, 0]


def test_the_fake_clock_moves_with_the_work_alone():
    clock = FakeClock(starts_at_s=100)
    work = ScriptedWork(clock, [250, 500])
    assert clock() == clock() == 100
    work(), work(), work()
    assert clock() == 101.25
    assert clock.log == [READ, READ, CALL, CALL, CALL, READ]


# compute_throughput ------------------------------------------------------------------------------------

UNEVEN = Batches(batch_size=8, latencies_ms=[50, 150, 80, 120], images_a_second=80)
OUTLIER = Batches(batch_size=4, latencies_ms=[100, 100, 400], images_a_second=20)
SINGLE = Batches(batch_size=32, latencies_ms=[640.0], images_a_second=50)


WRONG_THROUGHPUTS = {
    "blank": (not_answered, "not_answered"),
    "calls": (lambda size, ms: 1000 * len(ms) / sum(ms), "batch_size_forgotten"),
    "one over": (lambda size, ms: 1000 / sum(ms), "batch_size_forgotten"),
    "seconds": (lambda size, ms: size * len(ms) / sum(ms), "milliseconds_taken_for_seconds"),
    "times": (lambda size, ms: 1e6 * size * len(ms) / sum(ms), "milliseconds_multiplied"),
    "one batch": (lambda size, ms: 1000 * size / sum(ms), "one_batch_counted"),
    "one batch, ms": (lambda size, ms: size / sum(ms), "one_batch_counted"),
    "mean of rates": (lambda size, ms: statistics.mean(1000 * size / value for value in ms), "mean_of_rates"),
    "sum of rates": (lambda size, ms: sum(1000 * size / value for value in ms), "sum_of_rates"),
    "median of rates": (lambda size, ms: statistics.median(1000 * size / value for value in ms), "median_not_total"),
    "ms an image": (lambda size, ms: sum(ms) / (size * len(ms)), "time_not_throughput"),
    "mean latency": (lambda size, ms: sum(ms) / len(ms), "time_not_throughput"),
    "list": (lambda size, ms: [1000 * size / value for value in ms], "not_one_number"),
    "text": (lambda size, ms: "80 images/s", "not_one_number"),
    "None": (lambda size, ms: None, "not_one_number"),
    "nan": (lambda size, ms: math.nan, "other_throughput"),
    "infinite": (lambda size, ms: math.inf, "other_throughput"),
    "other": (lambda size, ms: 7.7, "other_throughput"),
    "crash": (lambda size, ms: size / ms, "raised_error"),
}


@pytest.mark.parametrize("name", WRONG_THROUGHPUTS)
def test_wrong_throughput_is_named(run_check, name):
    answer, cause = WRONG_THROUGHPUTS[name]
    result = run_check(check_compute_throughput, answer, cases=[UNEVEN], about="a test")
    assert result.causes == [cause]


def test_the_speed_of_a_typical_call_is_named(run_check):
    answer = lambda size, ms: 1000 * size / statistics.median(ms)  # noqa: E731
    assert run_check(check_compute_throughput, answer, cases=[OUTLIER], about="a test").causes == ["median_not_total"]


def test_a_rounded_throughput_is_named(run_check):
    case = Batches(batch_size=1, latencies_ms=[30], images_a_second=1000 / 30)
    answer = lambda size, ms: 1000 * size * len(ms) // sum(ms)  # noqa: E731
    assert run_check(check_compute_throughput, answer, cases=[case], about="a test").causes == ["throughput_rounded"]


RIGHT_THROUGHPUTS = {
    "usual": lambda batch_size, latencies_ms: batch_size * len(latencies_ms) / (sum(latencies_ms) / 1000),
    "numpy": lambda size, ms: size * 1000 / np.mean(ms),
    "tensor": lambda size, ms: 1 / (torch.tensor(ms, dtype=torch.float64).mean() / 1000 / size),
    "loop": lambda size, ms: sum(size for _ in ms) / sum(value * 1e-3 for value in ms),
    "rounded": lambda size, ms: round(1000 * size * len(ms) / sum(ms), 2),
}


@pytest.mark.parametrize("style", RIGHT_THROUGHPUTS)
def test_right_throughput_passes(run_check, style):
    cases = [UNEVEN, OUTLIER, SINGLE]
    result = run_check(check_compute_throughput, RIGHT_THROUGHPUTS[style], cases=cases, about="a test")
    assert result.passed, result.text


# same_answers ------------------------------------------------------------------------------------------

VERDICTS = [name for name in CHANGES if name != "nan"]
BATCHES = [Batch(6, 12), Batch(7, 20, k=3, tolerance=0.5, seed=1), Batch(6, 30, k=2, tolerance=1e-4, seed=2)]


def best(logits, k, dim=-1):
    return logits.topk(k, dim=dim).indices


def is_near(reference, logits, tolerance):
    return bool((reference - logits).abs().max() <= tolerance)


def same_usual(reference, logits, *, k=5, tolerance):
    return torch.equal(best(reference, k), best(logits, k)) and is_near(reference, logits, tolerance)


def same_by_argmax(reference, logits, *, k=5, tolerance):
    return torch.equal(reference.argmax(1), logits.argmax(1)) and is_near(reference, logits, tolerance)


def same_by_set(reference, logits, *, k=5, tolerance):
    classes = torch.equal(best(reference, k).sort().values, best(logits, k).sort().values)
    return classes and is_near(reference, logits, tolerance)


def same_over_photos(reference, logits, *, k=5, tolerance):
    return torch.equal(best(reference, k, dim=0), best(logits, k, dim=0)) and is_near(reference, logits, tolerance)


def same_of_all(reference, logits, *, k=5, tolerance):
    return same_usual(reference.flatten(), logits.flatten(), k=k, tolerance=math.inf) and is_near(
        reference, logits, tolerance
    )


def same_first_photo(reference, logits, *, k=5, tolerance):
    return same_usual(reference[:1], logits[:1], k=k, tolerance=tolerance)


def same_order_of_all(reference, logits, *, k=5, tolerance):
    return same_usual(reference, logits, k=reference.shape[1], tolerance=tolerance)


def same_five(reference, logits, *, k=5, tolerance):
    return same_usual(reference, logits, k=5, tolerance=tolerance)


def same_without_sign(reference, logits, *, k=5, tolerance):
    return same_usual(reference, logits, k=k, tolerance=math.inf) and bool((reference - logits).max() <= tolerance)


def same_on_average(reference, logits, *, k=5, tolerance):
    difference = (reference - logits).abs().mean()
    return same_usual(reference, logits, k=k, tolerance=math.inf) and bool(difference <= tolerance)


TOLERANCE_ONLY = ["order_of_classes_ignored", "only_first_places_compared", "only_first_places_compared"]
WRONG_VERDICTS = {
    "blank": (not_answered, {"not_answered"}),
    "only argmax": (same_by_argmax, {"only_first_places_compared"}),
    "only tolerance": (lambda a, b, *, k=5, tolerance: is_near(a, b, tolerance), {*TOLERANCE_ONLY}),
    "only classes": (
        lambda a, b, *, k=5, tolerance: torch.equal(best(a, k), best(b, k)),
        {"difference_missed"},
    ),
    "set of classes": (same_by_set, {"order_of_classes_ignored", "only_first_places_compared"}),
    "over photos": (same_over_photos, {"top_k_over_photos"}),
    "of all": (
        same_of_all,
        {"top_k_over_photos", "exact_equality_asked", "only_first_photo_compared"},
    ),
    "first photo": (same_first_photo, {"only_first_photo_compared"}),
    "exactly equal": (
        lambda a, b, *, k=5, tolerance: torch.equal(a, b),
        {"exact_equality_asked"},
    ),
    "all places": (same_order_of_all, {"places_after_k_compared"}),
    "without sign": (same_without_sign, {"difference_missed"}),
    "on average": (same_on_average, {"difference_missed"}),
    "always": (lambda a, b, *, k=5, tolerance: True, {"always_true"}),
    "never": (
        lambda a, b, *, k=5, tolerance: False,
        {"same_not_seen"},
    ),
    "a table": (lambda a, b, *, k=5, tolerance: best(a, k) == best(b, k), {"not_true_or_false"}),
    "for each photo": (lambda a, b, *, k=5, tolerance: [True] * len(a), {"not_true_or_false"}),
    "None": (lambda a, b, *, k=5, tolerance: None, {"not_true_or_false"}),
    "text": (lambda a, b, *, k=5, tolerance: "True", {"not_true_or_false"}),
    "positional": (lambda a, b, k, tol: True, {"raised_error"}),
}


@pytest.mark.parametrize("name", WRONG_VERDICTS)
def test_wrong_verdict_is_named(run_check, name):
    answer, causes = WRONG_VERDICTS[name]
    result = run_check(check_same_answers, answer, batches=[Batch(6, 12)], changes=VERDICTS, about="a test")
    assert set(result.causes) == causes


def test_k_of_5_for_all_is_named(run_check):
    changes = ["none", "after k", "best two"]
    batches = [Batch(3, 12, k=3), Batch(3, 12, k=7)]
    result = run_check(check_same_answers, same_five, batches=batches, changes=changes, about="a test")
    assert result.causes == ["places_after_k_compared"]
    changes = ["last two", "another class"]
    result = run_check(check_same_answers, same_five, batches=batches, changes=changes, about="a test")
    assert result.causes == ["only_first_places_compared", "only_first_places_compared"]


def test_too_few_photos_for_a_top_k_over_them(run_check):
    result = run_check(check_same_answers, same_over_photos, batches=[Batch(3, 12)], changes=["none"], about="a test")
    assert result.causes == ["top_k_over_photos"]


def same_unless_larger(reference, logits, *, k=5, tolerance):
    is_far = (reference - logits).abs() > tolerance
    return torch.equal(best(reference, k), best(logits, k)) and not is_far.any()


def same_with_nan(reference, logits, *, k=5, tolerance):
    classes = torch.equal(best(reference, k), best(logits, k))
    return classes and torch.allclose(reference, logits, rtol=0, atol=tolerance, equal_nan=True)


@pytest.mark.parametrize("answer", [same_unless_larger, same_with_nan])
def test_nan_must_not_pass(run_check, answer):
    assert run_check(check_same_answers, answer, batches=BATCHES, changes=VERDICTS, about="a test").passed
    result = run_check(check_same_answers_nan, answer, batches=[Batch(4, 12)])
    assert set(result.causes) == {"nan_accepted"}


def test_a_function_that_always_refuses_earns_nothing(run_check):
    result = run_check(check_same_answers_nan, lambda a, b, *, k=5, tolerance: False, batches=[Batch(3, 12)])
    assert result.causes == ["same_not_seen"]


def same_with_numpy(reference, logits, *, k=5, tolerance):
    a, b = reference.numpy(), logits.numpy()
    order = (np.argsort(-a, axis=1)[:, :k] == np.argsort(-b, axis=1)[:, :k]).all()
    return order & np.allclose(a, b, rtol=0, atol=tolerance)


def same_by_loop(reference, logits, *, k=5, tolerance):
    for old, new in zip(reference, logits, strict=True):
        if old.argsort(descending=True)[:k].tolist() != new.argsort(descending=True)[:k].tolist():
            return False
        if any(not abs(x - y) <= tolerance for x, y in zip(old.tolist(), new.tolist(), strict=True)):
            return False
    return True


def same_as_tensor(reference, logits, k=5, tolerance=1e-3):
    largest = torch.linalg.vector_norm(reference - logits, ord=math.inf)
    return (reference.topk(k).indices == logits.topk(k).indices).all() & (largest <= tolerance)


def same_of_probabilities(reference, logits, *, k=5, tolerance):
    classes = torch.equal(best(reference.double().softmax(1), k), best(logits.double().softmax(1), k))
    return classes and bool(((reference - logits).abs() <= tolerance).all())


@pytest.mark.parametrize("answer", [same_usual, same_with_numpy, same_by_loop, same_as_tensor, same_of_probabilities])
def test_right_verdict_passes(run_check, answer):
    batches = [*BATCHES, Batch(1, 1000), Batch(3, 12, tolerance=0.01, seed=5)]
    result = run_check(check_same_answers, answer, batches=batches, changes=VERDICTS, about="a test")
    assert result.passed, result.text
    assert run_check(check_same_answers_nan, answer, batches=batches).passed


def test_students_may_spoil_what_they_are_given(run_check):
    def answer(reference, logits, *, k=5, tolerance):
        verdict = same_usual(reference, logits, k=k, tolerance=tolerance)
        reference.zero_(), logits.zero_()
        return verdict

    assert run_check(check_same_answers, answer, batches=BATCHES, changes=VERDICTS, about="a test").passed


def test_logits_are_arranged_as_promised():
    logits = make_logits(photos=4, classes=9, k=5, tolerance=0.01, seed=3)
    assert torch.equal(logits.values.argsort(dim=1, descending=True), logits.places)
    swapped = logits.swap(2, 3)
    assert (swapped - logits.values).abs().max() < logits.tolerance
    assert torch.equal(swapped[2].argsort(descending=True)[3:5], logits.places[2, [4, 3]])
    assert not torch.equal(logits.places[1], logits.places[2])
