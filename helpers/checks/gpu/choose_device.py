"""Checks of notebook 06: the device that was asked for, or the best one, or an error, and never a silent change."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest.mock import patch

import torch

from helpers.checks.report import Check, checking

Case = tuple[str, list[str], str]  # wanted, available, the right name
Missing = tuple[str, list[str]]  # wanted, available
_QUESTIONS = (  # by which code asks this computer instead of looking into the list
    (torch.cuda, "is_available"),
    (torch.cuda, "device_count"),
    (torch.backends.mps, "is_available"),
    (torch.accelerator, "is_available"),
    (torch.accelerator, "current_accelerator"),
)


def check_choose_device(
    choose_device: Callable, *, about: str, cases: Sequence[Case] = (), missing: Sequence[Missing] = ()
) -> None:
    """Check `choose_device(wanted, available) -> name` on `cases`, and that each of `missing` is a ValueError."""
    with checking("choose_device", about) as check:
        for wanted, available, right in cases:
            with check.probe(f"wanted={wanted!r}, available={available}"):
                _check_case(check, choose_device, wanted, available, right)
        for wanted, available in missing:
            with check.probe(f"wanted={wanted!r}, available={available}"):
                _check_missing(check, choose_device, wanted, available)


def choose_and_note(answer: Callable, *, wanted: str, available: list[str]) -> dict[str, Any]:
    """Observer: call the answer; tell what came, and what it asked this computer, which only names a cause."""
    with _note_questions() as asked:
        return {"value": answer(wanted, available), "asked": asked}


def _check_case(check: Check, choose_device: Callable, wanted: str, available: list[str], right: str) -> None:
    came, error = check.ask(choose_and_note, choose_device, wanted=wanted, available=list(available))
    if error is not None:
        is_refusal = error.is_a(ValueError) and wanted != "auto"
        cause = "raised_error" if not is_refusal else "cuda_refused" if wanted == "cuda" else "device_refused"
        check.stop(cause, got=str(error), expected=f"{right!r}")
    name = _read_name(came["value"])
    if name is None:
        check.stop("wrong_type", got=came["value"], expected=f"{right!r}")
    if name != right and not (name == "cuda" and right == "cuda:0"):
        cause = "machine_asked" if came["asked"] else _find_name_cause(name, wanted, available)
        check.fail(cause, got=f"{name!r}", expected=f"{right!r}")


def _find_name_cause(name: str, wanted: str, available: list[str]) -> str:
    if name == "auto":
        return "auto_returned"
    if name not in available:
        return "missing_device_returned"
    return "best_device_missed" if wanted == "auto" else "other_device_taken"


def _check_missing(check: Check, choose_device: Callable, wanted: str, available: list[str]) -> None:
    expected = f"a ValueError that names {', '.join(available)}"
    value, error = check.attempt(choose_device, wanted, list(available))
    if error is not None:
        if not error.is_a(ValueError):
            check.stop("wrong_error_type", got=str(error), expected=expected)
        named = all(name in error.text for name in available)
        check.expect(named, "error_without_names", got=str(error), expected=expected)
        return
    name = _read_name(value)
    cause = "missing_device_returned" if name == wanted else "missing_device_replaced"
    check.fail(cause if name in (wanted, *available) else "missing_device_unreported", got=value, expected=expected)


def _read_name(value: object) -> str | None:
    """Return a device's name from text or a torch.device; None for all else."""
    return str(value) if isinstance(value, str | torch.device) else None


@contextlib.contextmanager
def _note_questions() -> Iterator[list[str]]:
    """Collect the names of torch's functions that ask what this computer has, while they still answer."""
    asked = []

    def watch(name: str, function: Callable) -> Callable:
        def ask(*args, **kwargs):
            asked.append(name)
            return function(*args, **kwargs)

        return ask

    with contextlib.ExitStack() as stack:
        for module, name in _QUESTIONS:
            stack.enter_context(patch.object(module, name, watch(name, getattr(module, name))))
        yield asked
