"""A simulated accelerator: it works like a graphics card, on a clock that only the simulation moves.

For everybody without a graphics card. Nothing here is measured: every duration is one that was set, nothing
is computed, and the same program gives the same times on every computer. Like a real card it is asynchronous:
a call returns when its work is in the queue, and `synchronize` waits for the work itself.

It takes the place of PyTorch's device "meta", whose tensors have a shape and no numbers.
"""

import weakref
from dataclasses import dataclass

import torch

SIMULATED_DEVICE = "meta"
COPY_START_MS = 0.02  # before the first byte of a copy moves


@dataclass(frozen=True)
class SimulatedSpan:
    """What the host (the program) or the device did from `start_ms` to `end_ms` of simulated time.

    lane: "host" or "device". what: "launch", "wait", "copy", "compute", and, without any length, "clock" for
    a reading of the clock and "synchronize" for a call of that name.
    """

    lane: str
    what: str
    start_ms: float
    end_ms: float


class SimulatedAccelerator:
    """A queue of work, a clock, and a memory; `timeline` holds what happened, in the order in which it was asked for.

    launch_ms: how long the host is busy when it puts one piece of work into the queue.
    copy_gb_per_s: speed of copies between host and device. memory_mb: size of the device's memory.
    """

    device = SIMULATED_DEVICE

    def __init__(self, *, launch_ms: float = 0.01, copy_gb_per_s: float = 8.0, memory_mb: float = 4000.0) -> None:
        self.launch_ms, self.copy_gb_per_s, self.memory_mb = launch_ms, copy_gb_per_s, memory_mb
        self.used_mb = 0.0
        self.timeline: list[SimulatedSpan] = []
        self._host_ms = self._device_ms = 0.0  # when each of the two is done with what it has been given

    def clock(self) -> float:
        """Return the simulated time in seconds: in place of `time.perf_counter`."""
        self._note("host", "clock", 0.0)
        return self._host_ms / 1000

    def synchronize(self) -> None:
        """Wait until the queue is empty: in place of `torch.cuda.synchronize`."""
        self._note("host", "synchronize", 0.0)
        self._wait()

    def launch(self, duration_ms: float) -> None:
        """Put work of this duration into the queue; the host goes on after `launch_ms`, long before it is done."""
        self._note("host", "launch", self.launch_ms)
        self._device_ms = max(self._device_ms, self._host_ms)
        self._note("device", "compute", duration_ms)

    def compute_on_host(self, duration_ms: float) -> None:
        """Let the host itself work: it goes on when the work is done."""
        self._note("host", "compute", duration_ms)

    def copy(self, megabytes: float) -> None:
        """Copy between host and device: after all work in the queue, and the host waits for its end."""
        self._wait()
        self._device_ms = self._host_ms
        duration_ms = COPY_START_MS + megabytes / self.copy_gb_per_s  # one MB at one GB/s takes one ms
        for lane in ("host", "device"):
            self._note(lane, "copy", duration_ms)

    def reserve(self, megabytes: float) -> object:
        """Take device memory; it is free again as soon as nothing refers to the object that comes back.

        Raises torch.OutOfMemoryError, as a real device does, when there is not enough.
        """
        if self.used_mb + megabytes > self.memory_mb:
            raise torch.OutOfMemoryError(
                f"Simulated accelerator out of memory. Tried to allocate {megabytes:,.0f} MB; "
                f"{self.used_mb:,.0f} MB of {self.memory_mb:,.0f} MB are in use."
            )
        self.used_mb += megabytes
        block = _Block()
        weakref.finalize(block, self._release, megabytes).atexit = False
        return block

    def _release(self, megabytes: float) -> None:
        self.used_mb -= megabytes

    def _wait(self) -> None:
        if self._device_ms > self._host_ms:
            self._note("host", "wait", self._device_ms - self._host_ms)

    def _note(self, lane: str, what: str, duration_ms: float) -> None:
        """Let one of the two be busy for a while, and write it down."""
        start = self._host_ms if lane == "host" else self._device_ms
        end = start + duration_ms
        if lane == "host":
            self._host_ms = end
        else:
            self._device_ms = end
        self.timeline.append(SimulatedSpan(lane, what, start, end))

    def __deepcopy__(self, memo: dict) -> "SimulatedAccelerator":
        return self  # a copied model runs on the same device

    def __repr__(self) -> str:
        return (
            f"SimulatedAccelerator(device={self.device!r}, simulated clock at {self._host_ms:.3f} ms, "
            f"{self.used_mb:,.0f} of {self.memory_mb:,.0f} MB in use)"
        )


class _Block:
    """Stands for a piece of device memory, as long as somebody holds it."""
