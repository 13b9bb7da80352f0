"""Checks of notebook 06: a benchmark that waits, warms up, and times the model alone, on simulated clocks."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.checks.asynchronous_probe import TimedCase, TimedProbe, make_timed_probe
from helpers.checks.model_calls import expect_eval
from helpers.checks.move_to_device import call_for_device
from helpers.checks.report import Check, checking
from helpers.checks.values import as_number
from helpers.simulator import SimulatedSpan

TOLERANCE = 0.01  # of the time of one call; launching it takes a thousandth or so


@dataclass(frozen=True)
class Readings:
    """What the simulated clock and timeline tell about one run of the student's function."""

    value_ms: float
    before: list[SimulatedSpan]  # what happened before the clock was read for the first time
    between: list[SimulatedSpan]  # between its first reading and its last one
    calls: int
    launch_ms: float

    @property
    def timed_calls(self) -> int:
        """How many calls of the model lie between the readings; each computes once."""
        return sum(span.what == "compute" for span in self.between)

    @property
    def warm_up_is_running(self) -> bool:
        """Whether the device still had work to do when the clock was read for the first time."""
        return any(span.end_ms > self.between[0].start_ms for span in self.before)

    @property
    def is_launch_time(self) -> bool:
        """Whether the value is what it takes to put calls into the queue, and not to run them."""
        asynchronous = any(span.what == "launch" for span in self.between)
        return asynchronous and 0 < self.value_ms <= 2 * self.launch_ms * self.calls

    @property
    def has_synchronized(self) -> bool:
        """Whether `synchronize` was called before the last reading of the clock."""
        return any(span.what == "synchronize" for span in (*self.before, *self.between))


def check_benchmark(benchmark: Callable, *, cases: Sequence[TimedCase]) -> None:
    """Check `benchmark(model, x, device, *, synchronize, clock, warmup, iterations) -> milliseconds`, simulated."""
    with checking("benchmark", "the time of one call, on the simulated accelerator") as check:
        for case in cases:
            with check.probe(_describe(case)):
                probe = make_timed_probe(case, simulated=True)
                readings = _read(check, _run(check, benchmark, probe, case), probe)
                _expect_state(check, probe)
                _expect_calls(check, readings, case)
                _expect_time(check, readings, case)


def check_benchmark_time(
    benchmark: Callable, *, about: str, cases: Sequence[TimedCase], count_calls: bool = False
) -> None:
    """Check the result alone, with a model and a batch of torch's own classes; `about` says what the cases test."""
    with checking("benchmark", about) as check:
        for case in cases:
            with check.probe(_describe(case)):
                probe = make_timed_probe(case, simulated=False)
                readings = _read(check, _run(check, benchmark, probe, case), probe)
                if count_calls:
                    _expect_calls(check, readings, case)
                _expect_time(check, readings, case)


def check_benchmark_state(benchmark: Callable, *, cases: Sequence[TimedCase]) -> None:
    """Check the state of the model during every call, whatever the result."""
    with checking("benchmark", "every call in eval mode, with nothing recorded") as check:
        for case in cases:
            with check.probe(_describe(case)):
                probe = make_timed_probe(case, simulated=False)
                _run(check, benchmark, probe, case)
                _expect_state(check, probe)


def _describe(case: TimedCase) -> str:
    return f"device={case.device!r}, warmup={case.warmup}, iterations={case.iterations}, {case.call_ms:g} ms a call"


def _run(check: Check, benchmark: Callable, probe: TimedProbe, case: TimedCase) -> object:
    """Call the student's function; end the probe unless the model ran on the device."""
    options = {"synchronize": probe.accelerator.synchronize, "clock": probe.accelerator.clock}
    options |= {"warmup": case.warmup, "iterations": case.iterations}
    value = call_for_device(check, benchmark, (probe.model, probe.batch, case.device), **options)
    if not probe.calls:
        check.stop("model_not_called", got=value, expected=f"{case.warmup + case.iterations} calls of the model")
    _expect_place(check, probe, case.device)
    return value


def _read(check: Check, value: object, probe: TimedProbe) -> Readings:
    """Read the result and the timeline; end the probe unless a number came and the clock was read."""
    number = as_number(value)
    if number is None:
        check.stop("wrong_type", got=value, expected="a number of milliseconds")
    timeline = probe.accelerator.timeline
    places = [place for place, span in enumerate(timeline) if span.what == "clock"]
    if len(places) < 2:
        check.stop("clock_ignored", got=f"{len(places)} readings of the clock", expected="two or more")
    before, between = timeline[: places[0]], timeline[places[0] : places[-1]]
    return Readings(number, before, between, len(probe.calls), probe.accelerator.launch_ms)


def _expect_place(check: Check, probe: TimedProbe, device: str) -> None:
    call = probe.calls[-1]
    if {call.photo_device, call.model_device} != {device}:
        got = f"the model on {call.model_device}, the batch on {call.photo_device}"
        check.stop("device_ignored", got=got, expected=f"both on {device}")


def _expect_state(check: Check, probe: TimedProbe) -> None:
    expect_eval(check, probe.model)
    recorded = any(call.is_recorded for call in probe.calls)
    check.expect(not recorded, "graph_recorded", got="a call that autograd recorded", expected="nothing recorded")


def _expect_calls(check: Check, readings: Readings, case: TimedCase) -> None:
    """Fail if the model ran too often or not often enough; more warm-up than asked for is welcome."""
    asked = case.warmup + case.iterations
    warm_calls = readings.calls - readings.timed_calls
    if readings.calls < asked:
        cause = "warm_up_left_out" if warm_calls < case.warmup else "iterations_ignored"
    elif readings.calls > asked and readings.timed_calls > case.iterations:
        cause = "iterations_ignored"
    else:
        return
    expected = f"{case.warmup} calls before the clock starts, then {case.iterations}"
    check.stop(cause, got=f"{warm_calls} calls untimed, {readings.timed_calls} timed", expected=expected)


def _expect_time(check: Check, readings: Readings, case: TimedCase) -> None:
    if not _is_near(readings.value_ms, case.call_ms):
        cause = _find_time_cause(readings, case)
        check.fail(cause, got=f"{readings.value_ms:.6g}", expected=f"{case.call_ms:g} (milliseconds)")


def _find_time_cause(readings: Readings, case: TimedCase) -> str:
    """Name what gives this wrong time: by the number where it is one of the usual ones, else by the timeline."""
    value, count = readings.value_ms, case.iterations
    found = {
        "not_synchronized": readings.is_launch_time and not readings.has_synchronized,
        "seconds_not_milliseconds": _is_near(value, case.call_ms / 1000),
        "time_of_all_calls": _is_near(value, case.call_ms * count),
        "divided_twice": _is_near(value, case.call_ms / count),
        "rate_not_time": _is_near(value, 1000 / case.call_ms),
        "transfer_timed": any(span.what == "copy" for span in readings.between),
        "clock_stopped_too_early": readings.is_launch_time,
        "warm_up_still_running": readings.warm_up_is_running,
        "warm_up_counted": readings.timed_calls > count,
    }
    return next((cause for cause, is_so in found.items() if is_so), "wrong_time")


def _is_near(value: float, right: float) -> bool:
    return math.isclose(value, right, rel_tol=TOLERANCE)
