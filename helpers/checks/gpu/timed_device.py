"""The device of a benchmark, on the side of the check: only here is known what a call and a copy take."""

from dataclasses import dataclass

from torch import Tensor

from helpers.checks.fake_clock import EndlessLoop
from helpers.checks.probe_models import Call, ModelLog
from helpers.simulator import SimulatedAccelerator

PHOTOS = 8
BATCH_MB = PHOTOS * 3 * 224 * 224 * 4 / 1e6  # of the simulated batch, in float32
MAX_EVENTS = 2_000  # stops code that would wait for ever, or call the model for ever


@dataclass(frozen=True)
class TimedCase:
    """One benchmark whose result is known: `call_ms` milliseconds a call.

    The first `warmup` calls last `slow_ms` longer. Moving the model or the batch takes `copy_ms`. A device that
    is blocking works while the host waits, so that nothing is ever left in its queue. `seed` chooses the numbers of a
    model and a batch that have some.
    """

    call_ms: float
    warmup: int
    iterations: int
    device: str = "meta"
    slow_ms: float = 50.0
    copy_ms: float = 5.0
    blocking: bool = False
    seed: int = 6


class TimedDevice:
    """Hears what happens to a model and a batch beside an answer, and moves the simulated clock accordingly.

    simulated: the model is one of the notebook's simulated ones. `log` notes the calls, and `accelerator` has the
    timeline. `logits` are those that the model gave on the CPU, in order.
    """

    def __init__(self, case: TimedCase, log: ModelLog, *, simulated: bool) -> None:
        self.case, self.log, self.simulated = case, log, simulated
        self.accelerator = SimulatedAccelerator(copy_gb_per_s=1.0)  # so that x megabytes take x milliseconds
        self.logits: list[Tensor] = []
        self._events = 0

    def clock(self) -> float:
        """Return the simulated time in seconds."""
        self._expect_an_end()
        return self.accelerator.clock()

    def synchronize(self) -> None:
        """Wait until the queue is empty."""
        self._expect_an_end()
        self.accelerator.synchronize()

    def note(self, photos: object, state: dict) -> Tensor | None:
        """Note a call of the model and let its time pass, or the queue grow; return what belongs to the answer."""
        self._expect_an_end()
        sent = self.log.note(photos, state)
        call = self.log.calls[-1]
        if call.photo_device == call.model_device:  # else an error follows beside the answer
            self._take_time(call)
        return sent

    def take_logits(self, logits: Tensor) -> None:
        """Keep what a call on the CPU gave."""
        self._expect_an_end()
        self.logits.append(logits)

    def move(self) -> None:
        """Copy the model, or a real tensor, to another device."""
        self._expect_an_end()
        self.accelerator.copy(self.case.copy_ms)

    def copy(self, megabytes: float) -> None:
        """Copy a simulated tensor, or a result; neither is larger than the batch."""
        self._expect_an_end()
        self.accelerator.copy(min(max(0.0, megabytes), BATCH_MB))

    def _take_time(self, call: Call) -> None:
        on_host = call.photo_device == "cpu"
        duration_ms = self.case.call_ms * (call.shape[0] / PHOTOS if self.simulated else 1)
        number = sum(other.photo_device == call.photo_device for other in self.log.calls)
        if number <= self.case.warmup and not (on_host and self.simulated):
            duration_ms += self.case.slow_ms
        if on_host:
            self.accelerator.compute_on_host(duration_ms)
            return
        self.accelerator.launch(duration_ms)
        if self.case.blocking:
            self.accelerator.synchronize()

    def _expect_an_end(self) -> None:
        self._events += 1
        if self._events > MAX_EVENTS:
            raise EndlessLoop("the loop does not end: the model must be called a fixed number of times.")
