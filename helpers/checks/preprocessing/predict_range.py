"""Check of notebook 03: the lowest and the highest value that a normalized photo can have.

So that a student sees at once whether a number is right, and still finds it in no file, numbers are compared
by their seals: short hashes of the number, rounded to two decimals.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from helpers.checks.report import Check, checking
from helpers.checks.values import as_number

STEP = 0.01  # a number that is off by one step counts as right
AMBIGUOUS = "range_before_normalizing"


def seal_number(number: float) -> str:
    """Return the seal of a number: 12 characters from which it cannot be read."""
    return hashlib.sha256(f"03_preprocessing, {round(number / STEP)}".encode()).hexdigest()[:12]


def check_predict_range(
    lowest: Any, highest: Any, *, seals: tuple[str, str], known_wrong: Mapping[float, str], behaviour: str = ""
) -> None:
    """Check two numbers by the seals of the right ones; `known_wrong` maps wrong numbers to their causes."""
    with checking("predict_range", behaviour or "the lowest and the highest value") as check:
        for name, value, other, (seal, other_seal) in (
            ("lowest", lowest, highest, seals),
            ("highest", highest, lowest, seals[::-1]),
        ):
            with check.probe(name):
                number = _read_number(check, check.read(value))
                if not _fits(number, seal):
                    swapped = _fits(number, other_seal)
                    cause = "range_swapped" if swapped else _find_cause(check, number, other, known_wrong)
                    check.fail(cause, got=f"{number:.3f}", expected="another number")


def _read_number(check: Check, value: Any) -> float:
    if value is None:
        check.stop("not_answered", got="None", expected="a number")
    number = as_number(value)
    if number is None:
        check.stop("wrong_type", got=value, expected="a number")
    return number


def _fits(number: float, seal: str) -> bool:
    return abs(number) < 1e6 and any(seal_number(number + step) == seal for step in (-STEP, 0, STEP))


def _find_cause(check: Check, number: float, other: Any, known_wrong: Mapping[float, str]) -> str:
    """Return the cause of a wrong limit; 0 and 1 come out of several mistakes, and then the `other` limit tells."""
    cause = _look_up(number, known_wrong)
    other_number = as_number(check.read(other)) if cause == AMBIGUOUS else None
    if other_number is None:
        return cause
    other_cause = _look_up(other_number, known_wrong)
    return AMBIGUOUS if other_cause == "range_other" else other_cause


def _look_up(number: float, known_wrong: Mapping[float, str]) -> str:
    near = (cause for wrong, cause in known_wrong.items() if abs(number - wrong) <= STEP * max(1, abs(wrong) / 10))
    return next(near, "range_other")
