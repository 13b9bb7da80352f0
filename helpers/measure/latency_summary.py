"""What is worth knowing about the latency of a function, beyond one number."""

from dataclasses import dataclass, field

import numpy as np

from helpers.measure.torch_benchmark import benchmark


@dataclass(frozen=True)
class LatencySummary:
    """The latencies of one function, in milliseconds.

    measurement: the seconds of each call after the warm-up, as torch.utils.benchmark keeps them; its rule says
        what is noisy.
    first_call_ms: the very first call, which is not among the others.
    warm_up_calls: calls before those that count, the first one among them.
    versions: of torch and Python, as text.
    """

    measurement: benchmark.Measurement = field(repr=False)
    first_call_ms: float
    warm_up_calls: int
    versions: str

    @property
    def latencies_ms(self) -> tuple[float, ...]:
        """Every call that counts, in order."""
        return tuple(seconds * 1000 for seconds in self.measurement.times)

    @property
    def calls(self) -> int:
        """How many calls count."""
        return len(self.measurement.times)

    @property
    def threads(self) -> int:
        """How many torch threads there were."""
        return self.measurement.num_threads

    @property
    def p50_ms(self) -> float:
        """The median: half of the calls are faster."""
        return self.measurement.median * 1000

    @property
    def p90_ms(self) -> float:
        """Nine of ten calls are faster."""
        return self.percentile_ms(90)

    @property
    def p95_ms(self) -> float:
        """95 of 100 calls are faster."""
        return self.percentile_ms(95)

    @property
    def p99_ms(self) -> float:
        """99 of 100 calls are faster; means little with fewer than 100 calls."""
        return self.percentile_ms(99)

    @property
    def quartiles_ms(self) -> tuple[float, float]:
        """The middle half of the calls lies between these two."""
        return self.percentile_ms(25), self.percentile_ms(75)

    @property
    def iqr_ms(self) -> float:
        """The interquartile range: how wide the middle half is."""
        return self.measurement.iqr * 1000

    @property
    def is_noisy(self) -> bool:
        """Whether the middle half of the calls spreads over more than a tenth of the median."""
        return not self.measurement.meets_confidence()

    @property
    def warning(self) -> str:
        """Why the median should not be trusted; empty when the calls agree well."""
        if not self.is_noisy:
            return ""
        share = self.iqr_ms / self.p50_ms
        return f"Noisy: the middle half of the calls spreads over {share:.0%} of the median; close other programs."

    def percentile_ms(self, percent: float) -> float:
        """Return the latency in ms that `percent` of the calls (0 to 100) do not exceed."""
        return float(np.percentile(self.latencies_ms, percent))
