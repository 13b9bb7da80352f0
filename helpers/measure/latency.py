"""Measure how long a call takes, and say how far the number can be trusted.

Rests on torch.utils.benchmark (https://pytorch.org/docs/stable/benchmark_utils.html): its clock, which waits for
an accelerator, its handling of threads, its statistics and its rule for what is noisy. Its Timer is not used,
because Timer reads the clock once for a block of short calls, and percentiles need every call. Added are the
first call on its own, a warm-up until the calls stop changing, percentiles, and the versions.
"""

import platform
from collections.abc import Callable, Sequence

import torch

from helpers.measure.latency_summary import LatencySummary
from helpers.measure.torch_benchmark import benchmark

STABLE_SHARE = 0.1  # the warm-up ends once the last calls differ by no more than this
STABLE_CALLS = 3
WARM_UP_SHARE = 0.25  # of the time budget goes to the warm-up at most (the first call always runs)

_clock = benchmark.timer  # seconds; time.perf_counter where there is no accelerator


def measure_call(
    fn: Callable[[], object], *, budget_s: float = 1.0, min_calls: int = 3, threads: int | None = None
) -> LatencySummary:
    """Call `fn()` for about `budget_s` seconds, but at least `min_calls` times after the warm-up.

    threads: torch threads during the calls; by default those that are set now. They are put back afterwards.
    Whether gradients are recorded is the caller's setting. An error in `fn` comes out.
    """
    if not budget_s > 0 or min_calls < 1 or (threads is not None and threads < 1):
        raise ValueError("budget_s must be above 0, and min_calls and threads at least 1.")
    threads = threads or torch.get_num_threads()
    with benchmark.set_torch_threads(threads):
        warm_up = _warm_up(fn, budget_s=budget_s * WARM_UP_SHARE)
        times = _repeat(fn, budget_s=budget_s, min_calls=min_calls)
    spec = benchmark.TaskSpec(stmt="fn()", setup="pass", num_threads=threads)
    return LatencySummary(
        measurement=benchmark.Measurement(number_per_run=1, raw_times=times, task_spec=spec),
        first_call_ms=warm_up[0] * 1000,
        warm_up_calls=len(warm_up),
        versions=f"torch {torch.__version__}, Python {platform.python_version()}",
    )


def _warm_up(fn: Callable[[], object], *, budget_s: float) -> list[float]:
    """Call `fn` until the last calls agree or the budget is used; return the seconds of each call."""
    times: list[float] = []
    while not times or (sum(times) < budget_s and not _is_stable(times[-STABLE_CALLS:])):
        times.append(_time_once(fn))
    return times


def _is_stable(times: Sequence[float]) -> bool:
    return len(times) == STABLE_CALLS and max(times) <= (1 + STABLE_SHARE) * min(times)


def _repeat(fn: Callable[[], object], *, budget_s: float, min_calls: int) -> list[float]:
    times: list[float] = []
    used_s = 0.0
    while len(times) < min_calls or used_s < budget_s:
        times.append(_time_once(fn))
        used_s += times[-1]
    return times


def _time_once(fn: Callable[[], object]) -> float:
    start = _clock()
    fn()
    return _clock() - start
