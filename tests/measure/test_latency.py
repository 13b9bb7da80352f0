"""Measuring: protocol and statistics on a clock that moves only when scripted work is done."""

import dataclasses
import os
import subprocess
import sys

import pytest
import torch

from helpers.checks.fake_clock import FakeClock, ScriptedWork
from helpers.measure import latency
from helpers.measure.latency import measure_call
from helpers.measure.torch_benchmark import benchmark


@pytest.fixture
def make_work(monkeypatch):
    """Return a function that makes work with the given costs in ms, on the clock that measure_call reads."""

    def make(*costs_ms):
        clock = FakeClock(starts_at_s=50.0)
        monkeypatch.setattr(latency, "_clock", clock)
        return ScriptedWork(clock, costs_ms)

    return make


def test_the_first_call_stands_apart(make_work):
    summary = measure_call(make_work(900, 10), budget_s=0.1)
    assert summary.first_call_ms == pytest.approx(900)
    assert max(summary.latencies_ms) == pytest.approx(10)


def test_warm_up_goes_on_until_calls_agree(make_work):
    summary = measure_call(make_work(400, 80, 40, 20, 10, 10.5, 10), budget_s=10)
    assert summary.warm_up_calls == 7
    assert max(summary.latencies_ms) == pytest.approx(10)


def test_warm_up_ends_with_its_share_of_the_budget(make_work):
    never_stable = [110, 50] * 50
    summary = measure_call(make_work(*never_stable), budget_s=1)
    assert summary.warm_up_calls == 3  # 110 + 50 + 110 ms are the first to exceed 250 ms


def test_a_slow_call_is_still_measured_a_few_times(make_work):
    work = make_work(5000)
    summary = measure_call(work, budget_s=0.1, min_calls=3)
    assert (summary.calls, summary.warm_up_calls, work.calls) == (3, 1, 4)


def test_a_fast_call_is_measured_until_the_budget_is_used(make_work):
    summary = measure_call(make_work(125), budget_s=2)
    assert summary.calls == 16


def test_percentiles(make_work):
    fast, slow = [10] * 80, [50] * 20
    summary = measure_call(make_work(10, 10, 10, *fast, *slow), budget_s=1.79)
    assert summary.calls == 100
    assert (summary.p50_ms, summary.p90_ms, summary.p95_ms, summary.p99_ms) == pytest.approx((10, 50, 50, 50))
    assert summary.quartiles_ms == pytest.approx((10, 10))


def test_latencies_stay_in_order(make_work):
    summary = measure_call(make_work(10, 10, 10, 30, 20, 50), budget_s=0.1)
    assert summary.latencies_ms == pytest.approx((30, 20, 50))


@pytest.mark.parametrize(("spread_ms", "is_noisy"), [(8, False), (12, True)])
def test_noise_is_reported(make_work, spread_ms, is_noisy):
    costs = [100 - spread_ms / 2, 100 + spread_ms / 2] * 20
    summary = measure_call(make_work(100, 100, 100, *costs), budget_s=3.95)
    assert (summary.calls, summary.p50_ms) == (40, pytest.approx(100))
    assert summary.iqr_ms == pytest.approx(spread_ms)
    assert summary.is_noisy is is_noisy
    assert summary.is_noisy is summary.measurement.has_warnings
    assert ("spreads over 12% of the median" in summary.warning) is is_noisy
    assert bool(summary.warning) is is_noisy


def test_threads_are_set_and_put_back(make_work):
    make_work(1)
    before, seen = torch.get_num_threads(), []

    def note_threads():
        seen.append(torch.get_num_threads())
        latency._clock.now_s += 1

    summary = measure_call(note_threads, threads=before + 1)
    assert (set(seen), summary.threads) == ({before + 1}, before + 1)
    assert torch.get_num_threads() == before
    assert measure_call(note_threads).threads == before


def test_threads_are_put_back_after_an_error():
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError):
        measure_call(lambda: 1 / 0, threads=before + 1)
    assert torch.get_num_threads() == before


def test_gradients_are_the_callers_setting(make_work):
    make_work(1)
    seen = []

    def note_gradients():
        seen.append(torch.is_grad_enabled())
        latency._clock.now_s += 1

    with torch.no_grad():
        measure_call(note_gradients)
    assert not any(seen)


@pytest.mark.parametrize("options", [{"budget_s": 0}, {"budget_s": float("nan")}, {"min_calls": 0}, {"threads": 0}])
def test_impossible_options(options):
    with pytest.raises(ValueError, match="must be above 0"):
        measure_call(lambda: None, **options)


def test_summary_is_frozen_and_names_versions(make_work):
    summary = measure_call(make_work(10), budget_s=0.1)
    assert torch.__version__ in summary.versions
    with pytest.raises(dataclasses.FrozenInstanceError):
        summary.first_call_ms = 1
    assert len(repr(summary)) < 200


def test_the_clock_is_that_of_torch():
    assert latency._clock is benchmark.timer
    assert measure_call(lambda: None, budget_s=1e-4).calls >= 3


def test_importing_is_silent(tmp_path):
    environment = os.environ | {"CUDA_HOME": str(tmp_path), "CUDA_VISIBLE_DEVICES": ""}  # a compiler, no driver
    code = "import helpers.measure.latency, torch.utils.benchmark"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_summary_is_no_answer_to_the_exercise(make_work):
    summary = measure_call(make_work(10), budget_s=0.1)
    with pytest.raises(TypeError):
        summary["median_ms"]
    with pytest.raises(TypeError):
        measure_call(lambda: None, warmup=1, iterations=3, clock=FakeClock())
