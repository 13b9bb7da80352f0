"""A clock that moves only when scripted work is done, and a log of who did what.

With them a measurement can be checked to the last digit, on a slow machine as on a fast one.
"""

from collections.abc import Sequence
from itertools import pairwise

READ, CALL = "clock read", "function called"
MAX_EVENTS = 20_000  # stops code that would wait for ever for a clock that stands still


class EndlessLoop(RuntimeError):
    """Raised when the clock is read, or the function called, far more often than any task asks for."""


class FakeClock:
    """Called without arguments, it gives the time in seconds, as time.perf_counter does.

    `log` lists what happened: READ for each reading, CALL for each call of work on this clock.
    """

    def __init__(self, *, starts_at_s: float = 0.0) -> None:
        self.now_s = starts_at_s
        self.log: list[str] = []

    def __call__(self) -> float:
        self.note(READ)
        return self.now_s

    def note(self, event: str) -> None:
        """Add to the log."""
        if len(self.log) >= MAX_EVENTS:
            raise EndlessLoop("the loop does not end: the function must be called a fixed number of times.")
        self.log.append(event)


class ScriptedWork:
    """A function without arguments; its n-th call takes `costs_ms[n]` on the clock, later calls the last cost."""

    def __init__(self, clock: FakeClock, costs_ms: Sequence[float]) -> None:
        self.clock = clock
        self.costs_ms = list(costs_ms)
        self.calls = 0

    def __call__(self) -> None:
        self.clock.note(CALL)
        self.clock.now_s += self.costs_ms[min(self.calls, len(self.costs_ms) - 1)] / 1000
        self.calls += 1


def count_calls_between_readings(log: Sequence[str]) -> list[int]:
    """Return for each call how many calls lie between the same two readings; 0 if it is not between two."""
    readings = [place for place, event in enumerate(log) if event == READ]
    if not readings:
        return [0 for event in log if event == CALL]
    counts = [0] * log[: readings[0]].count(CALL)
    for start, end in pairwise(readings):
        together = log[start:end].count(CALL)
        counts += [together] * together
    return counts + [0] * log[readings[-1] :].count(CALL)
