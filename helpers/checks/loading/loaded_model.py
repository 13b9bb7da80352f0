"""What the checks of notebook 02 expect of a model that was loaded from a file."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from helpers.checks.report import Check

Numbers = Mapping[str, Tensor]


def expect_no_error(check: Check, error: BaseException | None) -> None:
    """End the probe if there is an error; a model's method that was asked of something else is named."""
    if error is None:
        return
    asked = error.obj if isinstance(error, AttributeError) else None
    cause = _find_type_cause(asked)
    is_named = cause in ("state_dict_returned", "load_result_returned")
    got = f"{type(error).__name__}: {error}"
    check.stop(cause if is_named else "raised_error", got=got, expected="a result, no error")


def expect_numbers(check: Check, value: Any, numbers: Numbers, *, before: Numbers) -> None:
    """End the probe unless `value` is a model on the CPU with these numbers; `before` it had other ones."""
    if not isinstance(value, nn.Module):
        check.stop(_find_type_cause(value), got=value, expected="the model")
    arrived = value.state_dict()
    devices = {str(number.device) for number in arrived.values()}
    if devices - {"cpu"}:
        check.stop("numbers_on_other_device", got=", ".join(sorted(devices)), expected="cpu")
    wrong = [name for name, number in numbers.items() if not _is_same(arrived.get(name), number)]
    if wrong:
        unchanged = all(_is_same(arrived.get(name), number) for name, number in before.items())
        only_buffers = set(wrong) <= {name for name, _ in value.named_buffers()}
        cause = "numbers_not_loaded" if unchanged else "buffers_not_loaded" if only_buffers else "wrong_values"
        check.stop(cause, got=f"other numbers in {', '.join(wrong)}", expected="the numbers of the file")


def expect_evaluation_mode(check: Check, model: nn.Module) -> None:
    """Expect evaluation mode in the model and in every part of it."""
    modes = [part.training for part in model.modules()]
    if model.training:
        check.fail(
            "eval_missing",
            got="a model in training mode",
            expected="a model in evaluation mode",
            other_cause="eval_without_call",
        )
    elif any(modes):
        got = f"training mode in {sum(modes)} of the {len(modes)} parts"
        check.fail("eval_only_outside", got=got, expected="evaluation mode in every part")


def _find_type_cause(value: Any) -> str:
    if value is None:
        return "model_not_returned"
    if isinstance(value, Mapping):
        return "state_dict_returned"
    return "load_result_returned" if type(value).__name__ == "_IncompatibleKeys" else "wrong_type"


def _is_same(value: Any, expected: Tensor) -> bool:
    if not isinstance(value, Tensor) or value.shape != expected.shape:
        return False
    return torch.equal(value.detach().double(), expected.double())
