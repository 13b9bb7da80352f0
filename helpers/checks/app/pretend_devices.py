"""Let this computer look as if it had a graphics card, or none, or a device that every computer can play."""

import contextlib
from collections.abc import Iterator
from unittest.mock import patch

import torch

from helpers import devices

NO_NUMBERS = "meta"  # tensors there have a shape and no numbers


@contextlib.contextmanager
def pretend_gpu(*, there: bool) -> Iterator[None]:
    """Let every usual question find one CUDA card, or no card of any kind. Nothing can be computed on it."""
    answers = [
        (torch.cuda, "is_available", there),
        (torch.cuda, "device_count", int(there)),
        (torch.cuda, "get_device_name", "a pretended card"),
        (torch.accelerator, "is_available", there),
        (torch.accelerator, "current_accelerator", torch.device("cuda") if there else None),
        (torch.accelerator, "device_count", int(there)),
        (torch.backends.mps, "is_available", False),
    ]
    with contextlib.ExitStack() as stack:
        for module, name, answer in answers:
            stack.enter_context(patch.object(module, name, lambda *args, answer=answer, **kwargs: answer))
        yield


@contextlib.contextmanager
def pretend_extra_device() -> Iterator[None]:
    """Let `devices` know the device NO_NUMBERS, beside those that are there."""
    found = (*devices.list_devices(), devices.Device(NO_NUMBERS, "shapes without numbers"))
    with (
        patch.object(devices, "list_devices", lambda: found),
        patch.dict(devices._KINDS, {NO_NUMBERS: "device without numbers"}),
    ):
        yield
