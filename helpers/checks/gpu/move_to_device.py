"""Checks of notebook 06: model and batch on the device that was asked for, unchanged."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from helpers.checks.gpu.moved_parts import MODEL_AND_BATCH, SWAPPED, move_and_look
from helpers.checks.model_calls import LOGITS_TOLERANCE
from helpers.checks.probe_models import ModelProbe, make_probe
from helpers.checks.report import Check, checking
from helpers.line.kinds import Raised

Device = str | torch.device
_OTHER_HARDWARE = ("CUDA", "NVIDIA", "MPS", "mps", "Metal")  # in the errors of devices that are not there


def check_move_to_device(
    move_to_device: Callable,
    *,
    devices: Sequence[Device],
    photos: int,
    dtype: torch.dtype = torch.float32,
    seed: int = 5,
) -> None:
    """Check `move_to_device(model, batch, device) -> (model, batch)` for each device in turn, starting on the CPU."""
    with checking("move_to_device", "model and batch are where they were asked to be, and the model runs") as check:
        for device in devices:
            kind = str(dtype).removeprefix("torch.")
            with check.probe(f"device={str(device)!r}, a batch of {photos} photos, {kind}"):
                _check_device(check, move_to_device, _make_probe(photos, dtype, seed), device)


def stop_for_error(check: Check, error: Raised) -> None:
    """End the probe; an error about missing hardware means that a device is written into the code."""
    hard_coded = any(word in error.text for word in _OTHER_HARDWARE)
    check.stop_for_error("device_hard_coded" if hard_coded else "raised_error", error)


def find_place_cause(*, model_is_there: bool, batch_is_there: bool) -> str | None:
    """Name what was not moved to the device; None if both are there."""
    if model_is_there and batch_is_there:
        return None
    return "batch_not_moved" if model_is_there else "model_left_behind" if batch_is_there else "device_ignored"


def _make_probe(photos: int, dtype: torch.dtype, seed: int) -> ModelProbe:
    probe = make_probe(photos, classes=4, seed=seed)
    return replace(probe, model=probe.model.to(dtype), photos=probe.photos.to(dtype))


def _check_device(check: Check, move_to_device: Callable, probe: ModelProbe, device: Device) -> None:
    right = torch.from_numpy(probe.compute_logits())
    inputs = {"model": probe.model, "batch": probe.photos, "device": device}
    came, error = check.ask(move_and_look, move_to_device, **inputs)
    if error is not None:
        stop_for_error(check, error)
    if came["kind"] == SWAPPED:
        check.stop("model_batch_swapped", got="(batch, model)", expected="(model, batch)")
    if came["kind"] != MODEL_AND_BATCH:
        cause = "model_ran" if probe.log.calls else "pair_expected"
        check.stop(cause, got=came["value"], expected="(model, batch)")
    _expect_place(check, came["model_places"], came["batch_place"], torch.device(device))
    batch = came["batch"]
    same_type = isinstance(batch, Tensor) and batch.dtype == probe.photos.dtype
    check.expect(same_type, "dtype_changed", got=batch, expected=probe.photos)
    if not check.failures:
        _expect_logits(check, came["logits"], right, meta=came["batch_place"] == "meta")


def _expect_place(check: Check, model_places: list[str], batch_place: str, device: torch.device) -> None:
    """End the probe unless all numbers of the model, and the batch, are on `device`."""
    right = str(device)
    cause = find_place_cause(model_is_there=model_places == [right], batch_is_there=batch_place == right)
    if cause is None:
        return
    if cause == "device_ignored" and any(place.startswith(("cuda", "mps")) for place in (batch_place, *model_places)):
        cause = "device_hard_coded"
    got = f"the model on {', '.join(model_places)}, the batch on {batch_place}"
    check.stop(cause, got=got, expected=f"both on {device}")


def _expect_logits(check: Check, logits: object, right: Tensor, *, meta: bool) -> None:
    """Fail unless the model runs there, as the student's next line would; on the CPU with the numbers it had before."""
    if isinstance(logits, Raised):
        check.stop("cannot_compare", got=str(logits), expected="a usual result")
    same = isinstance(logits, Tensor) and logits.shape == right.shape
    if isinstance(logits, Tensor) and same and not meta:
        same = torch.allclose(logits.double(), right, rtol=0, atol=LOGITS_TOLERANCE)
    check.expect(same, "numbers_changed", got=logits, expected=right)
