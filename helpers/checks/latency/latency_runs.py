"""What a run of measure_latency is made of, and the numbers that the usual mistakes lead to."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LatencyRun:
    """One call of measure_latency: what each call of the function takes, and what must come out.

    slow_first_ms: the calls to warm up. costs_ms: the calls that count, in order.
    median_ms, p95_ms: None where the usual definitions do not agree; then the number is not looked at.
    """

    costs_ms: Sequence[float]
    median_ms: float | None = None
    p95_ms: float | None = None
    slow_first_ms: Sequence[float] = ()
    starts_at_s: float = 0.0  # what the clock says at the beginning

    def __str__(self) -> str:
        return f"warmup={len(self.slow_first_ms)}, iterations={len(self.costs_ms)}, clock at {self.starts_at_s:g} s"


def list_wrong_medians(run: LatencyRun) -> list[tuple[str, float]]:
    """Return what the usual mistakes lead to, the likelier first, for a run whose median is known."""
    assert run.median_ms is not None
    counted, everything = list(run.costs_ms), [*run.slow_first_ms, *run.costs_ms]
    return [
        ("seconds_not_milliseconds", run.median_ms / 1000),
        ("milliseconds_twice", run.median_ms * 1000),
        ("mean_not_median", statistics.fmean(counted)),
        ("latencies_not_sorted", counted[len(counted) // 2]),
        ("fastest_taken", min(counted)),
        ("slowest_taken", max(counted)),
        ("time_of_all_calls", sum(counted)),
        ("warm_up_counted", statistics.fmean(everything)),
        ("warm_up_counted", sorted(everything)[len(everything) // 2]),
        ("warm_up_counted", statistics.median(everything)),
    ]


def list_wrong_p95(run: LatencyRun) -> list[tuple[str, float]]:
    assert run.p95_ms is not None
    counted, everything = sorted(run.costs_ms), [*run.slow_first_ms, *run.costs_ms]
    return [
        ("seconds_not_milliseconds", run.p95_ms / 1000),
        ("milliseconds_twice", run.p95_ms * 1000),
        ("mean_not_p95", statistics.fmean(counted)),
        ("slowest_taken", max(counted)),
        ("percentile_too_low", counted[len(counted) // 2]),
        ("percentile_too_low", min(counted)),
        ("time_of_all_calls", sum(counted)),
        ("warm_up_counted", max(everything)),
        ("warm_up_counted", float(np.percentile(everything, 95))),
    ]
