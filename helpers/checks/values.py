"""Read a student's result in any reasonable container, and compare numbers with named wrong ones."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from helpers.checks.report import Check


def as_integer(value: Any) -> int | None:
    """Return a whole number from an int, a NumPy integer or a tensor with one integer; None for all else."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, torch.Tensor | np.ndarray | np.generic) and np.prod(np.shape(value)) == 1:
        value = value.item()
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_number(value: Any) -> float | None:
    """Return a finite or infinite float from a number, a NumPy number or a one-number tensor; else None."""
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, torch.Tensor | np.ndarray | np.generic) and np.prod(np.shape(value)) == 1:
        value = value.item()
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def as_tensor(check: Check, value: Any) -> torch.Tensor:
    """Return a tensor from a tensor or a NumPy array; anything else is a failure that ends the probe."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(np.ascontiguousarray(value))
    if not isinstance(value, torch.Tensor):
        check.stop("wrong_type", got=value, expected="a tensor")
    return value.detach()


def expect_integer(check: Check, value: Any, expected: int, *, known_wrong: Mapping[int, str]) -> None:
    """Fail unless `value` is the whole number `expected`; `known_wrong` maps wrong numbers to their causes."""
    number = as_integer(value)
    if number is None:
        check.stop("wrong_type", got=value, expected=f"the whole number {expected:,}")
    if number != expected:
        check.fail(known_wrong.get(number, "wrong_number"), got=f"{number:,}", expected=f"{expected:,}")


def nearest_cause(value: torch.Tensor, known_wrong: Mapping[str, Any], *, tolerance: float) -> str:
    """Return the cause whose wrong tensor equals `value` within `tolerance`, or "wrong_values"."""
    for cause, wrong in known_wrong.items():
        wrong = torch.as_tensor(wrong).double()
        if wrong.shape == value.shape and torch.allclose(value.double(), wrong, rtol=0, atol=tolerance):
            return cause
    return "wrong_values"
