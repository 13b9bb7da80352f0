"""What a simulated timeline tells about a benchmark: what it timed, and what a wrong time comes from."""

import math
from dataclasses import dataclass

from helpers.checks.gpu.asynchronous_probe import TimedProbe
from helpers.checks.gpu.timed_device import TimedCase
from helpers.checks.report import Check
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


def read_timeline(check: Check, value: object, probe: TimedProbe) -> Readings:
    """Read the result and the timeline; end the probe unless a number came and the clock was read."""
    number = as_number(value)
    if number is None:
        check.stop("wrong_type", got=value, expected="a number of milliseconds")
    accelerator = probe.timed.accelerator
    timeline = accelerator.timeline
    places = [place for place, span in enumerate(timeline) if span.what == "clock"]
    if len(places) < 2:
        check.stop("clock_ignored", got=f"{len(places)} readings of the clock", expected="two or more")
    before, between = timeline[: places[0]], timeline[places[0] : places[-1]]
    return Readings(number, before, between, len(probe.calls), accelerator.launch_ms)


def find_time_cause(readings: Readings, case: TimedCase) -> str:
    """Name what gives this wrong time: by the number where it is one of the usual ones, else by the timeline."""
    value, count = readings.value_ms, case.iterations
    found = {
        "not_synchronized": readings.is_launch_time and not readings.has_synchronized,
        "seconds_not_milliseconds": is_near(value, case.call_ms / 1000),
        "time_of_all_calls": is_near(value, case.call_ms * count),
        "divided_twice": is_near(value, case.call_ms / count),
        "rate_not_time": is_near(value, 1000 / case.call_ms),
        "transfer_timed": any(span.what == "copy" for span in readings.between),
        "clock_stopped_too_early": readings.is_launch_time,
        "warm_up_still_running": readings.warm_up_is_running,
        "warm_up_counted": readings.timed_calls > count,
    }
    return next((cause for cause, is_so in found.items() if is_so), "wrong_time")


def is_near(value: float, right: float) -> bool:
    """Return whether two times are the same but for what launching a call takes."""
    return math.isclose(value, right, rel_tol=TOLERANCE)
