"""Devices: what is there, and errors that say so."""

import subprocess
import warnings

import pytest
import torch

from helpers import devices
from helpers.devices import Device


@pytest.fixture(autouse=True)
def no_accelerator(monkeypatch):
    """Whatever machine runs the tests: no CUDA, no MPS, until a test puts them there."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.fixture
def two_cards(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"NVIDIA Model {index}")


@pytest.fixture
def a_mac(monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(devices, "_read_processor_name", lambda: "Apple M2")


def test_lists_the_processor_first():
    (device,) = devices.list_devices()
    assert device.name == "cpu"
    assert device.description.strip() == device.description != ""


def test_lists_every_cuda_card(two_cards):
    assert devices.list_devices()[1:] == (Device("cuda:0", "NVIDIA Model 0"), Device("cuda:1", "NVIDIA Model 1"))


def test_lists_apple_graphics(a_mac):
    assert devices.list_devices() == (Device("cpu", "Apple M2"), Device("mps", "Apple M2 graphics (Metal)"))


def test_an_old_driver_is_no_device_and_no_noise(monkeypatch, recwarn):
    def warn():
        warnings.warn("CUDA initialization: the NVIDIA driver on your system is too old", stacklevel=1)
        return False

    monkeypatch.setattr(torch.cuda, "is_available", warn)
    assert [device.name for device in devices.list_devices()] == ["cpu"]
    assert not recwarn.list


def test_check_device_gives_a_torch_device():
    for name in ("cpu", "cpu:0", torch.device("cpu")):
        assert devices.check_device(name) == torch.device(name)


def test_check_device_with_cuda(two_cards):
    for name in ("cpu", "cuda", "cuda:0", "cuda:1"):
        assert devices.check_device(name) == torch.device(name)
    with pytest.raises(ValueError, match=r"'cuda:2' is not available here: counting starts at 0"):
        devices.check_device("cuda:2")


def test_check_device_with_mps(a_mac):
    for name in ("cpu", "mps", "mps:0"):
        assert devices.check_device(name) == torch.device(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cuda", "PyTorch sees no NVIDIA or AMD graphics card"),
        ("cuda:1", "PyTorch sees no NVIDIA or AMD graphics card"),
        ("mps", "PyTorch sees no Apple graphics"),
    ],
)
def test_device_that_is_not_here(name, reason):
    with pytest.raises(ValueError, match=rf"^'{name}' is not available here: {reason}.*; available: cpu\. Write"):
        devices.check_device(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("cdua", "cuda"),
        ("CUDA", "cuda"),
        ("gpu", "cuda"),
        ("GPU:0", "cuda"),
        ("Cpu", "cpu"),
        (" cpu", "cpu"),
        ("mpu", "mps"),
    ],
)
def test_misspelt_device(name, meant):
    with pytest.raises(ValueError, match=rf"is no device known here \(did you mean '{meant}'\?\); available: cpu\."):
        devices.check_device(name)


@pytest.mark.parametrize("name", ["", "quantum", "meta", None, 3.5])
def test_no_device_at_all(name):
    with pytest.raises(ValueError, match=r"is no device known here; available: cpu\. Write one of these names\."):
        devices.check_device(name)


def test_the_message_names_all_that_is_there(two_cards):
    with pytest.raises(ValueError, match=r"available: cpu, cuda:0, cuda:1\."):
        devices.check_device("mps")


def fake_system(monkeypatch, system, processor="", machine=""):
    for name, value in (("system", system), ("processor", processor), ("machine", machine)):
        monkeypatch.setattr(devices.platform, name, lambda value=value: value)


def describe_cpu():
    return devices.list_devices()[0].description


def test_processor_name_on_linux(monkeypatch):
    fake_system(monkeypatch, "Linux")
    text = "processor\t: 0\nmodel name\t: AMD Ryzen 7: the fast one\nmodel name\t: second core\n"
    monkeypatch.setattr(devices.Path, "read_text", lambda self: text)
    assert describe_cpu() == "AMD Ryzen 7: the fast one"


def test_processor_name_on_an_arm_linux(monkeypatch):
    fake_system(monkeypatch, "Linux", machine="aarch64")
    monkeypatch.setattr(devices.Path, "read_text", lambda self: "processor\t: 0\nBogoMIPS\t: 100\n")
    assert describe_cpu() == "aarch64"


@pytest.mark.parametrize("error", [FileNotFoundError(), PermissionError(), UnicodeDecodeError("utf-8", b"", 0, 1, "")])
def test_processor_name_without_cpuinfo(monkeypatch, error):
    def fail(self):
        raise error

    fake_system(monkeypatch, "Linux", processor="x86_64")
    monkeypatch.setattr(devices.Path, "read_text", fail)
    assert describe_cpu() == "x86_64"


def test_processor_name_on_macos(monkeypatch):
    fake_system(monkeypatch, "Darwin", processor="arm")
    answer = subprocess.CompletedProcess([], 0, stdout="Apple M2 Pro\n")
    monkeypatch.setattr(devices.subprocess, "run", lambda command, **options: answer)
    assert describe_cpu() == "Apple M2 Pro"


@pytest.mark.parametrize(
    "error", [FileNotFoundError(), subprocess.CalledProcessError(1, "sysctl"), subprocess.TimeoutExpired("sysctl", 5)]
)
def test_processor_name_on_macos_without_sysctl(monkeypatch, error):
    def fail(*args, **options):
        raise error

    fake_system(monkeypatch, "Darwin", processor="arm")
    monkeypatch.setattr(devices.subprocess, "run", fail)
    assert describe_cpu() == "arm"


def test_processor_name_on_windows(monkeypatch):
    fake_system(monkeypatch, "Windows", processor="Intel64 Family 6 Model 158")
    assert describe_cpu() == "Intel64 Family 6 Model 158"


def test_processor_name_when_nothing_is_known(monkeypatch):
    fake_system(monkeypatch, "Plan 9")
    assert describe_cpu() == "processor"
