"""Checks of notebook 04: many photos, a few at a time."""

import math
from collections.abc import Callable, Sequence

from helpers.checks.model_calls import (
    call_and_log,
    compute_logits,
    count_photos,
    expect_eval,
    expect_logits,
    expect_no_graph,
)
from helpers.checks.probe_models import make_probe
from helpers.checks.report import Check, checking

Case = tuple[int, int]  # number of photos, batch size


def check_predict_in_batches(predict: Callable, *, photos: int, batch_size: int) -> None:
    """Check `predict_in_batches(model, images, batch_size) -> logits` in all respects."""
    with checking("predict_in_batches", "all photos, in order, in as few batches as possible") as check:
        _check_case(check, predict, (photos, batch_size), seed=4, look_at=("state", "sizes", "logits"))


def check_predict_in_batches_sizes(predict: Callable, *, cases: Sequence[Case]) -> None:
    """Check how many photos the model sees at a time."""
    with checking("predict_in_batches", "as few batches as possible, none too large") as check:
        for case in cases:
            _check_case(check, predict, case, seed=5, look_at=("sizes",))


def check_predict_in_batches_order(predict: Callable, *, cases: Sequence[Case]) -> None:
    """Check the logits and their order."""
    with checking("predict_in_batches", "the logits of every photo, in the order of the photos") as check:
        for case in cases:
            _check_case(check, predict, case, seed=6, look_at=("logits",))


def check_predict_in_batches_state(predict: Callable, *, cases: Sequence[Case]) -> None:
    """Check that every batch runs in eval mode with nothing recorded."""
    with checking("predict_in_batches", "every batch in eval mode, with nothing recorded") as check:
        for case in cases:
            _check_case(check, predict, case, seed=7, look_at=("state",))


def _check_case(check: Check, predict: Callable, case: Case, *, seed: int, look_at: Sequence[str]) -> None:
    photos, batch_size = case
    model, images = make_probe(photos, classes=5, seed=seed)
    expected = compute_logits(model, images)
    with check.probe(f"{photos} photos, batch_size={batch_size}"):
        value = call_and_log(check, predict, model, images, batch_size)
        before = len(check.failures)
        if "state" in look_at:
            expect_eval(check, model)
            expect_no_graph(check, model, value)
        if "sizes" in look_at:
            _expect_sizes(check, count_photos(model), photos, batch_size)
        if "logits" in look_at:
            expect_logits(check, value, expected, sure=len(check.failures) == before)


def _expect_sizes(check: Check, sizes: list[int], photos: int, batch_size: int) -> None:
    """Fail unless `sizes` add up to all photos, in as few batches as possible, none above `batch_size`."""
    full, rest = divmod(photos, batch_size)
    wanted = [batch_size] * full + [rest] * (rest > 0)
    if cause := _find_sizes_cause(sizes, photos, batch_size):
        check.fail(cause, got=f"batches of {sizes}", expected=f"for example {wanted}")


def _find_sizes_cause(sizes: list[int], photos: int, batch_size: int) -> str | None:
    if max(sizes) > batch_size:
        return "all_at_once" if sizes == [photos] else "batch_too_large"
    if sum(sizes) < photos:
        return "remainder_dropped" if sum(sizes) == photos // batch_size * batch_size else "photos_missing"
    if sum(sizes) > photos:
        return "photos_sent_twice"
    if len(sizes) > math.ceil(photos / batch_size):
        return "one_by_one" if max(sizes) == 1 else "too_many_batches"
    return None
