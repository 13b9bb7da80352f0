"""How a class's points are spread."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Mean, median and standard deviation of some points; half of them lie from `low` to `high`, the quartiles."""

    mean: float
    median: float
    deviation: float
    low: float
    high: float


def measure_spread(points: Sequence[float]) -> Spread | None:
    """Return the spread of some points; None if there are none."""
    if not points:
        return None
    low, _, high = statistics.quantiles(points, n=4, method="inclusive") if len(points) > 1 else [points[0]] * 3
    return Spread(statistics.mean(points), statistics.median(points), statistics.pstdev(points), low, high)
