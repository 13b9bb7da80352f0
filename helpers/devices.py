"""Where a model can run on this machine: the processor, NVIDIA or AMD graphics cards, Apple graphics."""

import difflib
import platform
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch

_KINDS = {  # what each kind of name stands for
    "cpu": "processor",
    "cuda": "NVIDIA or AMD graphics card with a driver",
    "mps": "Apple graphics (of an M1 or newer Mac)",
}


@dataclass(frozen=True)
class Device:
    """A device as PyTorch names it ("cpu", "cuda:0", "mps"), and what it is in words."""

    name: str
    description: str


def list_devices() -> tuple[Device, ...]:
    """List the devices that PyTorch can use here: the processor first, then every graphics card."""
    devices = [Device("cpu", _read_processor_name())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old driver makes PyTorch warn; here it means: no such device
        for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
            devices.append(Device(f"cuda:{index}", torch.cuda.get_device_name(index)))
        if torch.backends.mps.is_available():
            devices.append(Device("mps", f"{devices[0].description} graphics (Metal)"))
    return tuple(devices)


def check_device(name: str | torch.device) -> torch.device:
    """Turn a device name into a `torch.device`, after checking that this machine has it.

    Raises ValueError if there is no such device; the message says which ones there are.
    """
    available = [device.name for device in list_devices()]
    write = f"; available: {', '.join(available)}. Write one of these names."
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError):
        device = None
    if device is None or device.type not in _KINDS:
        raise ValueError(f"{str(name)!r} is no device known here{_suggest(str(name))}{write}")
    if device.type not in {there.partition(":")[0] for there in available}:
        raise ValueError(f"{str(name)!r} is not available here: PyTorch sees no {_KINDS[device.type]}{write}")
    if device.type == "cuda" and device.index is not None and str(device) not in available:
        raise ValueError(f"{str(name)!r} is not available here: counting starts at 0{write}")
    return device


def _suggest(name: str) -> str:
    """Guess what was meant: " (did you mean 'cuda'?)", or nothing."""
    lowered = name.strip().lower()
    nearest = difflib.get_close_matches(lowered, _KINDS, n=1, cutoff=0.5)
    if lowered.startswith(("gpu", "nvidia")):  # PyTorch's name for a graphics card
        nearest = ["cuda"]
    return f" (did you mean {nearest[0]!r}?)" if nearest else ""


def _read_processor_name() -> str:
    """Read the processor's name, as precise as the operating system gives it; never fails."""
    readers = {"Linux": _read_cpuinfo, "Darwin": _read_sysctl}
    try:
        name = readers.get(platform.system(), platform.processor)()
    except (OSError, subprocess.SubprocessError, UnicodeError):
        name = ""
    return name.strip() or platform.processor() or platform.machine() or "processor"


def _read_cpuinfo() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value
    return ""  # ARM computers do not give one


def _read_sysctl() -> str:
    command = ["sysctl", "-n", "machdep.cpu.brand_string"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout
