"""Checks of notebook 05: the median and the 95th percentile of a function's latency, measured by the rules.

The clock is a fake one, so that what each call takes is known, and so are the right numbers and the usual wrong
ones. How fast the machine is plays no part.
"""

import math
from collections.abc import Callable, Mapping, Sequence

from helpers.checks.fake_clock import READ, FakeClock, ScriptedWork, count_calls_between_readings
from helpers.checks.latency.latency_runs import LatencyRun, list_wrong_medians, list_wrong_p95
from helpers.checks.report import Check, checking
from helpers.checks.values import as_number
from helpers.line.callbacks import Callback

TOLERANCE_MS = 0.006  # so that a result rounded to 0.01 ms counts as right
MEDIAN, P95 = "median_ms", "p95_ms"


def check_measure_latency(measure_latency: Callable, *, runs: Sequence[LatencyRun], about: str) -> None:
    """Check calls, readings of the clock, median and 95th percentile."""
    with checking("measure_latency", about) as check:
        for run in runs:
            _check_run(check, measure_latency, run, look_at=(READ, MEDIAN, P95))


def check_measure_latency_calls(measure_latency: Callable, *, runs: Sequence[LatencyRun]) -> None:
    """Check how often the function was called and when the clock was read, and a call without `clock`."""
    with checking("measure_latency", "calls to warm up are not timed, all others one by one") as check:
        for run in runs:
            _check_run(check, measure_latency, run, look_at=(READ,))
        if check.failures:
            return  # with a real clock, a loop that does not end would not be stopped
        with check.probe("the real clock, as no other is given"):
            check.call(measure_latency, Callback(lambda: None), warmup=1, iterations=3)


def check_measure_latency_median(measure_latency: Callable, *, runs: Sequence[LatencyRun]) -> None:
    """Check the median alone."""
    with checking("measure_latency", "one slow call does not move the median") as check:
        for run in runs:
            _check_run(check, measure_latency, run, look_at=(MEDIAN,))


def check_measure_latency_p95(measure_latency: Callable, *, runs: Sequence[LatencyRun]) -> None:
    """Check the 95th percentile alone."""
    with checking("measure_latency", "p95 is what 95 of 100 calls do not exceed") as check:
        for run in runs:
            _check_run(check, measure_latency, run, look_at=(P95,))


def _check_run(check: Check, measure_latency: Callable, run: LatencyRun, *, look_at: Sequence[str]) -> None:
    clock = FakeClock(starts_at_s=run.starts_at_s)
    work = ScriptedWork(clock, [*run.slow_first_ms, *run.costs_ms])
    with check.probe(str(run)):
        warmup, iterations = len(run.slow_first_ms), len(run.costs_ms)
        options = {"warmup": warmup, "iterations": iterations, "clock": Callback(clock)}
        value = check.call(measure_latency, Callback(work), **options)
        if READ in look_at:
            _expect_protocol(check, clock.log, run)
        known = {MEDIAN: run.median_ms, P95: run.p95_ms}
        wanted = {key: right for key, right in known.items() if key in look_at and right is not None}
        numbers = {key: _read_number(check, value, key) for key in wanted}
        wrong = [key for key, number in numbers.items() if not _is_near(number, wanted[key])]
        if wrong and READ not in look_at:
            _expect_protocol(check, clock.log, run)  # wrong calls explain a wrong number better than the number does
        for key in wrong:
            cause = _find_cause(numbers[key], run, key=key)
            if cause != "latencies_not_sorted" and _is_under_other_key(value, key, run):
                cause = "median_p95_swapped"
            check.fail(cause, got=f"{key}: {numbers[key]:.6g}", expected=f"{key}: {wanted[key]:g}")


def _is_under_other_key(value: Mapping, key: str, run: LatencyRun) -> bool:
    """Return whether the number that belongs under `key` stands under the other key."""
    other = as_number(value.get(P95 if key == MEDIAN else MEDIAN))
    if other is None or run.median_ms == run.p95_ms:
        return False
    right = run.median_ms if key == MEDIAN else run.p95_ms
    return right is not None and _is_near(other, right)


def _is_near(number: float, right: float) -> bool:
    return abs(number - right) <= TOLERANCE_MS


def _expect_protocol(check: Check, log: Sequence[str], run: LatencyRun) -> None:
    """End the probe unless the function was called as asked, each call that counts between two readings."""
    warmup, iterations = len(run.slow_first_ms), len(run.costs_ms)
    together = count_calls_between_readings(log)
    wanted = f"{warmup} calls to warm up, then {iterations} between two readings of the clock each"
    if len(together) != warmup + iterations:
        left_out = warmup and len(together) == iterations and together[0] > 0
        cause = "warm_up_left_out" if left_out else "wrong_number_of_calls"
        check.stop(cause if together else "function_not_called", got=f"{len(together)} calls", expected=wanted)
    if READ not in log:
        check.stop("clock_ignored", got="the clock was never read", expected=wanted)
    if any(number != 1 for number in together[warmup:]):
        got = f"{log.count(READ)} readings of the clock for {len(together)} calls"
        check.stop("clock_read_too_rarely", got=got, expected=wanted)


def _read_number(check: Check, value: object, key: str) -> float:
    """Return the number under `key`; anything else is a failure that ends the probe."""
    if not isinstance(value, Mapping):
        check.stop("wrong_type", got=value, expected=f'a dictionary with the keys "{MEDIAN}" and "{P95}"')
    if key not in value:
        check.stop("key_missing", got=f"the keys {list(value)}", expected=f'a key "{key}"')
    number = as_number(value[key])
    if number is None or not math.isfinite(number):
        check.stop("not_one_number", got=value[key], expected=f'one number under "{key}"')
    return number


def _find_cause(number: float, run: LatencyRun, *, key: str) -> str:
    wrong = list_wrong_medians(run) if key == MEDIAN else list_wrong_p95(run)
    return next((cause for cause, value in wrong if math.isclose(number, value, rel_tol=1e-4)), "other_latency")
