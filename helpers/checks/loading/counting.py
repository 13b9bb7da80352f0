"""Checks of notebook 02: what a model is made of, counted and read."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn

from helpers.architectures import build_architecture
from helpers.checks.report import Check, checking
from helpers.checks.values import as_integer, expect_integer

Counts = Mapping[str, int]


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
                built = _build(model)
                value = check.call(count_parameters, built)
                causes = _list_wrong_numbers(built, expected) | dict(known_wrong or {})
                expect_integer(check, value, expected, known_wrong=causes)
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
                built = _build(model)
                counts = _read_counts(check, check.call(count_layers, built), built)
                if counts != dict(expected):
                    cause = _find_layer_cause(counts, expected, built, known_wrong or {})
                    check.fail(cause, got=_format(counts), expected=_format(expected))
            if check.failures:
                return


def _list_wrong_numbers(model: nn.Module, right: int) -> dict[int, str]:
    per_box = sum(parameter.numel() for part in model.modules() for parameter in part.parameters())
    return {
        len(model.state_dict()): "tensors_counted",
        per_box: "parameters_counted_per_box",
        4 * right: "bytes_counted",  # 4 bytes: float32
    }


def _build(model: str | nn.Module) -> nn.Module:
    return build_architecture(model) if isinstance(model, str) else model


def _name(model: str | nn.Module) -> str:
    """Return a model's name, or its layers in one line."""
    return model if isinstance(model, str) else " ".join(repr(model).split())[:160]


def _format(counts: Counts) -> str:
    return ", ".join(f"{name}: {number}" for name, number in sorted(counts.items()))


def _read_counts(check: Check, value: Any, model: nn.Module) -> dict[str, int]:
    """Return the student's counts without zeros, or end the probe."""
    if not isinstance(value, Mapping):
        check.stop("wrong_type", got=value, expected="a dict: type name -> number of layers")
    if value and all(str(key).startswith("<class ") for key in value):
        check.stop("layer_classes_as_keys", got=value, expected="keys that are text")
    counts = {key: as_integer(number) for key, number in value.items()}
    if not all(isinstance(key, str) for key in counts) or None in counts.values():
        check.stop("wrong_type", got=value, expected="a dict: type name -> number of layers")
    if counts and set(counts) <= {name for name, _ in model.named_modules()}:
        check.stop("layers_counted_by_place", got=_format(counts), expected="type names such as Conv2d")
    return {key: number for key, number in counts.items() if number}


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
