"""Checks of notebook 06: model and batch on the device that was asked for, unchanged."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from helpers.checks.model_calls import LOGITS_TOLERANCE, compute_logits
from helpers.checks.probe_models import RecordingModel, make_probe
from helpers.checks.report import Check, checking

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
            model, batch = make_probe(photos, classes=4, seed=seed)
            model, batch = model.to(dtype), batch.to(dtype)
            expected = compute_logits(model, batch)
            kind = str(dtype).removeprefix("torch.")
            with check.probe(f"device={str(device)!r}, a batch of {photos} photos, {kind}"):
                value, error = check.attempt(move_to_device, model, batch, device)
                if error is not None:
                    stop_for_error(check, error)
                moved_model, moved_batch = _read_pair(check, value, model)
                _expect_place(check, moved_model, moved_batch, torch.device(device))
                check.expect(moved_batch.dtype == dtype, "dtype_changed", got=moved_batch, expected=batch)
                if not check.failures:
                    _expect_run(check, moved_model, moved_batch, torch.from_numpy(expected))


def stop_for_error(check: Check, error: BaseException) -> None:
    """End the probe; an error about missing hardware means that a device is written into the code."""
    hard_coded = any(word in str(error) for word in _OTHER_HARDWARE)
    cause = "device_hard_coded" if hard_coded else "raised_error"
    check.stop(cause, got=f"{type(error).__name__}: {error}", expected="a result, no error")


def find_place_cause(*, model_is_there: bool, batch_is_there: bool) -> str | None:
    """Name what was not moved to the device; None if both are there."""
    if model_is_there and batch_is_there:
        return None
    return "batch_not_moved" if model_is_there else "model_left_behind" if batch_is_there else "device_ignored"


def _read_pair(check: Check, value: object, model: RecordingModel) -> tuple[nn.Module, Tensor]:
    """Return model and batch; anything else is a failure that ends the probe."""
    if isinstance(value, list | tuple) and len(value) == 2:
        kinds = [isinstance(value[0], nn.Module), isinstance(value[1], Tensor)]
        if all(kinds):
            return value[0], value[1]
        if isinstance(value[0], Tensor) and isinstance(value[1], nn.Module):
            check.stop("model_batch_swapped", got="(batch, model)", expected="(model, batch)")
    cause = "model_ran" if model.calls else "pair_expected"
    check.stop(cause, got=value, expected="(model, batch)")


def _expect_place(check: Check, model: nn.Module, batch: Tensor, device: torch.device) -> None:
    """End the probe unless all numbers of the model, and the batch, are on `device`."""
    places = {numbers.device for numbers in (*model.parameters(), *model.buffers())}
    cause = find_place_cause(model_is_there=places == {device}, batch_is_there=batch.device == device)
    if cause is None:
        return
    if cause == "device_ignored" and {batch.device.type, *(place.type for place in places)} & {"cuda", "mps"}:
        cause = "device_hard_coded"
    names = ", ".join(sorted(map(str, places)))
    check.stop(cause, got=f"the model on {names}, the batch on {batch.device}", expected=f"both on {device}")


def _expect_run(check: Check, model: nn.Module, batch: Tensor, right: Tensor) -> None:
    """Run the model as the student's next line would; on the CPU its numbers must be those it had before."""
    with torch.no_grad():
        logits = model.eval()(batch)
    same = logits.is_meta or torch.allclose(logits.double(), right, rtol=0, atol=LOGITS_TOLERANCE)
    check.expect(same, "numbers_changed", got=logits, expected=right)
