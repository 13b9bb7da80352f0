"""What the checks of notebook 02 expect of a model that was loaded from a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor, nn

from helpers.checks.loading.loading_calls import load_from_file
from helpers.checks.report import Check
from helpers.line.callbacks import Callback
from helpers.line.kinds import Raised, name_type

Numbers = Mapping[str, Tensor]
STATE_DICTS = ("dict", "OrderedDict")
LOGITS_TOLERANCE = 1e-3  # relative


@dataclass(frozen=True)
class Loaded:
    """What an answer made of a file: an error, a model, or something else. `bells`: how often the file's program ran.

    Of a model: its numbers, where they lie, for each part whether it is in training mode, and what it predicts.
    """

    error: Raised | None
    value: Any
    is_model: bool
    bells: int
    numbers: dict[str, Any]
    devices: list[str]
    modes: list[bool]
    logits: Any


def load(check: Check, answer: Callable, model: nn.Module, content: bytes, *, photos: Tensor | None = None) -> Loaded:
    """Have the answer load a file of these bytes into `model`; an empty stub ends the probe."""
    rung: list[None] = []
    inputs = {"model": model, "content": content, "photos": photos, "bell": Callback(lambda: rung.append(None))}
    told = check.ask_or("raised_error", load_from_file, answer, **inputs)
    error, came = told.get("error"), told.get("model", {})
    check.stop_at_stub(error)
    details = {key: came.get(key) for key in ("numbers", "devices", "modes", "logits")}
    return Loaded(error, told.get("value"), "model" in told, len(rung), **details)


def expect_no_error(check: Check, loaded: Loaded) -> None:
    """End the probe if there is an error; a model's method that was asked of something else is named."""
    if loaded.error is not None:
        check.stop_for_error(_find_asked_cause(loaded.error.asked), loaded.error)


def expect_numbers(check: Check, loaded: Loaded, numbers: Numbers, *, before: nn.Module) -> None:
    """End the probe unless a model came back, on the CPU, with these numbers; `before` is how the model was."""
    if not loaded.is_model:
        check.stop(_find_type_cause(loaded.value), got=loaded.value, expected="the model")
    if set(loaded.devices) - {"cpu"}:
        check.stop("numbers_on_other_device", got=", ".join(loaded.devices), expected="cpu")
    wrong = [name for name, number in numbers.items() if not _is_same(loaded.numbers.get(name), number)]
    if wrong:
        _stop_for_numbers(check, loaded, wrong, before)


def _stop_for_numbers(check: Check, loaded: Loaded, wrong: list[str], before: nn.Module) -> NoReturn:
    unchanged = all(_is_same(loaded.numbers.get(name), number) for name, number in before.state_dict().items())
    only_buffers = set(wrong) <= {name for name, _ in before.named_buffers()}
    cause = "numbers_not_loaded" if unchanged else "buffers_not_loaded" if only_buffers else "wrong_values"
    check.stop(cause, got=f"other numbers in {', '.join(wrong)}", expected="the numbers of the file")


def expect_evaluation_mode(check: Check, loaded: Loaded, right: Tensor) -> None:
    """Expect the logits [N, classes] that a model in evaluation mode gives; the modes of its parts name the cause."""
    if _is_near(loaded.logits, right):
        return
    if loaded.modes[0]:
        check.fail(
            "eval_missing",
            got="a model in training mode",
            expected="a model in evaluation mode",
            other_cause="eval_without_call",
        )
    elif any(loaded.modes):
        got = f"training mode in {sum(loaded.modes)} of the {len(loaded.modes)} parts"
        check.fail("eval_only_outside", got=got, expected="evaluation mode in every part")
    else:
        got = str(loaded.logits) if isinstance(loaded.logits, Raised) else loaded.logits
        check.fail("wrong_values", got=got, expected=right)


def _find_asked_cause(type_name: str) -> str:
    """Name what an attribute was asked of, if that is a usual mistake."""
    if type_name in STATE_DICTS:
        return "state_dict_returned"
    return "load_result_returned" if type_name == "_IncompatibleKeys" else "raised_error"


def _find_type_cause(value: Any) -> str:
    if value is None:
        return "model_not_returned"
    cause = _find_asked_cause(name_type(value))
    return "wrong_type" if cause == "raised_error" else cause


def _is_same(value: Any, expected: Tensor) -> bool:
    if not isinstance(value, Tensor) or value.shape != expected.shape:
        return False
    return torch.equal(value.detach().double(), expected.double())


def _is_near(value: Any, right: Tensor) -> bool:
    if not isinstance(value, Tensor) or value.shape != right.shape:
        return False
    return torch.allclose(value.double(), right.double(), rtol=LOGITS_TOLERANCE)
