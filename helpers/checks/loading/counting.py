"""Checks of notebook 02: what a model is made of, counted and read."""

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn

from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer, expect_integer
from helpers.models.architectures import build_to_read, build_unfilled

Counts = Mapping[str, int]


class PaddedConv2d(nn.Conv2d):
    """A type of layer that is made from another one."""


def check_count_parameters(
    count_parameters: Callable,
    cases: Sequence[tuple[str | nn.Module, int]],
    *,
    about: str,
    known_wrong: Mapping[int, str] | None = None,
) -> None:
    """Check `count_parameters(model) -> int` on models, or names of architectures, with their right numbers.

    `about` says in words which models these are. `known_wrong` maps a wrong number to its cause.
    The first model that is counted wrongly ends the check.
    """
    with checking("count_parameters", f"every learned number once, in {about}") as check:
        for model, expected in cases:
            with check.probe(_name(model)):
                value = check.ask_or("raised_error", count_in, count_parameters, model=model)
                causes = {} if as_integer(value) == expected else _list_wrong_numbers(model, expected)
                expect_integer(check, value, expected, known_wrong=causes | dict(known_wrong or {}))
            if check.failures:
                return


def check_count_layers(
    count_layers: Callable,
    cases: Sequence[tuple[str | nn.Module, Counts]],
    *,
    about: str,
    known_wrong: Mapping[str, Counts] | None = None,
) -> None:
    """Check `count_layers(model) -> dict of type name and number` on models, or names of architectures.

    Parameters as for `check_count_parameters`, but `known_wrong` maps a cause to the wrong counts.
    """
    with checking("count_layers", f"every layer once, by type, in {about}") as check:
        for model, expected in cases:
            with check.probe(_name(model)):
                counts = _read_counts(check, check.ask_or("raised_error", count_in, count_layers, model=model))
                if counts != dict(expected):
                    _fail_for_counts(check, counts, expected, model, known_wrong or {})
            if check.failures:
                return


def count_in(answer: Callable, *, model: str | nn.Module) -> Any:
    """Observer: call the answer with a model, or with the architecture of this name, which is built here."""
    counted = answer(build_to_read(model) if isinstance(model, str) else model)
    return dict(counted) if isinstance(counted, Mapping) else counted


def _find_model(model: str | nn.Module) -> nn.Module:
    """Return a model whose layers and shapes are those that the answer was called with."""
    return _build_once(model) if isinstance(model, str) else model


_build_once = functools.cache(build_unfilled)


def _list_wrong_numbers(model: str | nn.Module, right: int) -> dict[int, str]:
    counted = _find_model(model)
    per_box = sum(parameter.numel() for part in counted.modules() for parameter in part.parameters())
    return {
        len(counted.state_dict()): "tensors_counted",
        per_box: "parameters_counted_per_box",
        4 * right: "bytes_counted",  # 4 bytes: float32
    }


def _name(model: str | nn.Module) -> str:
    """Return a model's name, or its layers in one line."""
    return model if isinstance(model, str) else " ".join(repr(model).split())[:160]


def _format(counts: Counts) -> str:
    return ", ".join(f"{name}: {number}" for name, number in sorted(counts.items()))


def _read_counts(check: Check, value: Any) -> dict[str, int]:
    """Return the student's counts without zeros, or end the probe."""
    if not isinstance(value, Mapping):
        check.stop("wrong_type", got=value, expected="a dict: type name -> number of layers")
    if value and all(str(key).startswith("<class ") for key in value):
        check.stop("layer_classes_as_keys", got=value, expected="keys that are text")
    counts = {key: as_integer(number) for key, number in value.items()}
    if not all(isinstance(key, str) for key in counts) or None in counts.values():
        check.stop("wrong_type", got=value, expected="a dict: type name -> number of layers")
    return {key: number for key, number in counts.items() if number}


def _fail_for_counts(check: Check, counts: Counts, expected: Counts, model, known_wrong: Mapping[str, Counts]) -> None:
    counted = _find_model(model)
    if counts and set(counts) <= {name for name, _ in counted.named_modules()}:
        check.stop("layers_counted_by_place", got=_format(counts), expected="type names such as Conv2d")
    cause = _find_layer_cause(counts, expected, counted, known_wrong)
    check.fail(cause, got=_format(counts), expected=_format(expected))


def _find_layer_cause(counts: Counts, expected: Counts, model: nn.Module, known_wrong: Mapping[str, Counts]) -> str:
    """Name the usual cause of wrong counts: one that the cell knows, or what the difference tells."""
    for cause, wrong in known_wrong.items():
        if counts == dict(wrong):
            return cause
    first_level = Counter(type(child).__name__ for child in model.children())
    if counts in (first_level, {name: number for name, number in first_level.items() if name in expected}):
        return "first_level_only"
    surplus, missing = set(counts) - set(expected), set(expected) - set(counts)
    rest_is_right = all(counts[name] == expected[name] for name in set(counts) & set(expected))
    if surplus and not missing and rest_is_right:
        return "containers_counted"
    return "layers_left_out" if missing and not surplus and rest_is_right else "wrong_layer_numbers"
