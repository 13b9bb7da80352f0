"""Checks of notebook 05: does a faster model still give the same answers?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from helpers.checks.latency.changed_logits import CHANGES, FAR, Change, Logits, make_logits
from helpers.checks.report import Check, checking


@dataclass(frozen=True)
class Batch:
    """The size of a reference, and what `same_answers` is called with; k=None leaves the default of 5."""

    photos: int
    classes: int
    k: int | None = None
    tolerance: float = 1e-3
    seed: int = 0


def check_same_answers(same_answers: Callable, *, batches: Sequence[Batch], changes: Sequence[str], about: str) -> None:
    """Check `same_answers(reference, logits, *, k, tolerance) -> bool` with changes, which are names in CHANGES."""
    with checking("same_answers", about) as check:
        for batch in batches:
            for name in changes:
                _check_change(check, same_answers, batch, CHANGES[name])


def check_same_answers_nan(same_answers: Callable, *, batches: Sequence[Batch]) -> None:
    """Check that nan is never the same answer, not even where the reference has it; without it the answer is."""
    with checking("same_answers", "nan is never the same answer") as check:
        for batch in batches:
            _check_change(check, same_answers, batch, CHANGES["none"])
            _check_change(check, same_answers, batch, CHANGES["nan"])
            logits = _make(batch)
            broken = CHANGES["nan"].apply(logits, batch.photos - 1)
            with check.probe("the same logit is nan in both"):
                if _ask(check, same_answers, batch, broken, broken):
                    check.fail("nan_accepted", got="True", expected="False")


def _check_change(check: Check, same_answers: Callable, batch: Batch, change: Change) -> None:
    logits, last = _make(batch), batch.photos - 1
    with check.probe(f"{batch.photos} photos, k={logits.k}: {change.about}"):
        verdict = _ask(check, same_answers, batch, logits.values, change.apply(logits, last))
        if verdict == change.same:
            return

        def accepts(other: Change, photo: int = last) -> bool:
            return _ask(check, same_answers, batch, logits.values, other.apply(logits, photo))

        cause = _find_refusal_cause(accepts, change) if change.same else _find_miss_cause(accepts, change, last)
        check.fail(cause, got=str(verdict), expected=str(change.same))


def _find_refusal_cause(accepts: Callable[..., bool], change: Change) -> str:
    """Name why a harmless change was refused: the mildest one that is refused as well."""
    mildest = next((CHANGES[name] for name in ("none", "noise") if not accepts(CHANGES[name])), change)
    return mildest.cause


def _find_miss_cause(accepts: Callable[..., bool], change: Change, last: int) -> str:
    """Name why a change to the photo `last` was not seen."""
    if last and not accepts(change, 0):
        return "only_first_photo_compared"
    if not accepts(CHANGES["photos moved"]):
        return "top_k_over_photos"
    swapped, raised = CHANGES["another class"], CHANGES["all raised"]
    if not (accepts(swapped) and accepts(raised)):
        return change.cause
    both = Change("both", False, "always_true", _swap_and_raise)
    return both.cause if accepts(both) else "one_condition_enough"


def _swap_and_raise(logits: Logits, photo: int) -> Tensor:
    moved = logits.swap(photo, logits.k - 1)
    moved[photo] += FAR * logits.tolerance
    return moved


def _make(batch: Batch) -> Logits:
    k = 5 if batch.k is None else batch.k
    return make_logits(photos=batch.photos, classes=batch.classes, k=k, tolerance=batch.tolerance, seed=batch.seed)


def _ask(check: Check, same_answers: Callable, batch: Batch, reference: Tensor, logits: Tensor) -> bool:
    """Return the verdict; anything but one True or False ends the probe."""
    options = {} if batch.k is None else {"k": batch.k}
    arguments = (reference.clone(), logits.clone())
    value, error = check.attempt(same_answers, *arguments, tolerance=batch.tolerance, **options)
    if error is not None:
        k_of_photos = "out of range" in error.text and len(reference) < (options.get("k") or 5)
        check.stop_for_error("top_k_over_photos" if k_of_photos else "raised_error", error)
    if isinstance(value, torch.Tensor | np.ndarray) and np.prod(np.shape(value)) == 1:
        value = value.item()
    if not isinstance(value, bool | np.bool_):
        check.stop("not_true_or_false", got=value, expected="True or False, one for the whole batch")
    return bool(value)
