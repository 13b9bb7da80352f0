"""Checks of notebook 05: images a second, from the batch size and the latency of each call."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.checks.report import checking
from helpers.checks.values import as_number

TOLERANCE = 0.006  # images a second, so that a result rounded to 0.01 counts as right


@dataclass(frozen=True)
class Batches:
    """Calls with `batch_size` images each, and how many images a second that is."""

    batch_size: int
    latencies_ms: Sequence[float]
    images_a_second: float


def check_compute_throughput(compute_throughput: Callable, *, cases: Sequence[Batches], about: str) -> None:
    """Check `compute_throughput(batch_size, latencies_ms) -> images a second`."""
    with checking("compute_throughput", f"all images by all the time, {about}") as check:
        for case in cases:
            calls = len(case.latencies_ms)
            with check.probe(f"{calls} {'call' if calls == 1 else 'calls'}, {case.batch_size} images in each"):
                value = check.call(compute_throughput, case.batch_size, list(case.latencies_ms))
                number, right = as_number(value), case.images_a_second
                if number is None:
                    check.stop("not_one_number", got=value, expected=f"{right:g} images a second")
                if not abs(number - right) <= TOLERANCE:
                    check.fail(_find_cause(number, case), got=f"{number:.6g}", expected=f"{right:g} images a second")


def _find_cause(number: float, case: Batches) -> str:
    wrong = _list_wrong_values(case)
    found = (cause for cause, value in wrong if math.isclose(number, value, rel_tol=1e-3, abs_tol=1e-9))
    rounded = abs(number - case.images_a_second) <= 1
    return next(found, "throughput_rounded" if rounded else "other_throughput")


def _list_wrong_values(case: Batches) -> list[tuple[str, float]]:
    """Return what the usual mistakes lead to, as far as they differ from the right number."""
    size, calls, right = case.batch_size, len(case.latencies_ms), case.images_a_second
    rates = [1000 * size / latency for latency in case.latencies_ms]
    wrong = [
        ("batch_size_forgotten", right / size),
        ("milliseconds_taken_for_seconds", right / 1000),
        ("milliseconds_multiplied", right * 1000),
        ("milliseconds_multiplied", right / 1e6),
        ("one_batch_counted", right / calls),
        ("mean_of_rates", statistics.fmean(rates)),
        ("median_not_total", statistics.median(rates)),
        ("median_not_total", 1000 * size / statistics.median(case.latencies_ms)),
        ("time_not_throughput", 1000 / right),
        ("time_not_throughput", 1 / right),
        ("time_not_throughput", sum(case.latencies_ms) / calls),
        ("batch_size_forgotten", right / size / calls),
        ("one_batch_counted", right / calls / 1000),
        ("sum_of_rates", sum(rates)),
    ]
    return [(cause, value) for cause, value in wrong if abs(value - right) > TOLERANCE]
