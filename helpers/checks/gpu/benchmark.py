"""Checks of notebook 06: a benchmark that waits, warms up, and times the model alone, on simulated clocks."""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from helpers.checks.gpu.asynchronous_probe import TimedProbe, make_simulated_probe, make_timed_probe
from helpers.checks.gpu.move_to_device import find_place_cause, stop_for_error
from helpers.checks.gpu.timed_device import TimedCase
from helpers.checks.gpu.timeline_readings import Readings, find_time_cause, is_near, read_timeline
from helpers.checks.model_calls import expect_eval, expect_made_of_logits
from helpers.checks.report import Check, checking
from helpers.line.callbacks import Callback


def check_benchmark(benchmark: Callable, *, cases: Sequence[TimedCase]) -> None:
    """Check `benchmark(model, x, device, *, synchronize, clock, warmup, iterations) -> milliseconds`, simulated."""
    with checking("benchmark", "the time of one call, on the simulated accelerator") as check:
        for case in cases:
            with check.probe(_describe(case)):
                probe = make_simulated_probe(case)
                readings = read_timeline(check, _run(check, benchmark, probe, case), probe)
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
                probe = make_timed_probe(case)
                readings = read_timeline(check, _run(check, benchmark, probe, case), probe)
                if count_calls:
                    _expect_calls(check, readings, case)
                _expect_time(check, readings, case)


def check_benchmark_state(benchmark: Callable, *, cases: Sequence[TimedCase]) -> None:
    """Check the state of the model during every call, whatever the result."""
    with checking("benchmark", "every call in eval mode, with nothing recorded") as check:
        for case in cases:
            with check.probe(_describe(case)):
                probe, before = make_timed_probe(case), len(check.failures)
                _run(check, benchmark, probe, case)
                _expect_state(check, probe)
                if len(check.failures) == before:
                    _expect_logits(check, probe)


def _describe(case: TimedCase) -> str:
    return f"device={case.device!r}, warmup={case.warmup}, iterations={case.iterations}, {case.call_ms:g} ms a call"


def _run(check: Check, benchmark: Callable, probe: TimedProbe, case: TimedCase) -> object:
    """Call the student's function; end the probe unless the model ran on the device."""
    options: dict[str, Any] = {"synchronize": Callback(probe.timed.synchronize), "clock": Callback(probe.timed.clock)}
    options |= {"warmup": case.warmup, "iterations": case.iterations}
    value, error = check.attempt(benchmark, probe.model, probe.batch, case.device, **options)
    if probe.calls:
        _expect_place(check, probe, case.device)
    if error is not None:
        stop_for_error(check, error)
    if not probe.calls:
        check.stop("model_not_called", got=value, expected=f"{case.warmup + case.iterations} calls of the model")
    return value


def _expect_place(check: Check, probe: TimedProbe, device: str) -> None:
    call = probe.calls[-1]
    cause = find_place_cause(model_is_there=call.model_device == device, batch_is_there=call.photo_device == device)
    if cause is not None:
        got = f"the model on {call.model_device}, the batch on {call.photo_device}"
        check.stop(cause, got=got, expected=f"both on {device}")


def _expect_state(check: Check, probe: TimedProbe) -> None:
    expect_eval(check, probe.timed.log)
    recorded = any(call.is_recorded for call in probe.calls)
    check.expect(not recorded, "graph_recorded", got="a call that autograd recorded", expected="nothing recorded")


def _expect_logits(check: Check, probe: TimedProbe) -> None:
    """Fail unless each call on the CPU gave logits of eval mode, whatever it said of its state."""
    number, logits = sum(call.photo_device == "cpu" for call in probe.calls), probe.timed.logits
    if len(logits) != number:
        check.stop("wrong_values", got=f"logits of {len(logits)} calls", expected=f"logits of {number} calls")
    if number and probe.logits is not None:  # a simulated model gives none, which ended the probe above
        expect_made_of_logits(check, torch.cat(logits), probe.logits)


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
    if not is_near(readings.value_ms, case.call_ms):
        cause = find_time_cause(readings, case)
        check.fail(cause, got=f"{readings.value_ms:.6g}", expected=f"{case.call_ms:g} (milliseconds)")
