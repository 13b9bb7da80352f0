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
BEHAVIOURS = {
    "all": "all photos, in order, in as few batches as possible",
    "sizes": "as few batches as possible, none too large",
    "order": "the logits of every photo, in the order of the photos",
    "state": "every batch in eval mode, with nothing recorded",
}


def check_predict_in_batches(predict: Callable, *, cases: Sequence[Case], only: str = "all", seed: int = 4) -> None:
    """Check `predict_in_batches(model, images, batch_size) -> logits`; `only` is a key of BEHAVIOURS.

    The model arrives in training mode. Other seeds give other models and photos.
    """
    with checking("predict_in_batches", BEHAVIOURS[only]) as check:
        for photos, batch_size in cases:
            with check.probe(f"{photos} photos, batch_size={batch_size}"):
                _check_case(check, predict, photos, batch_size, only, seed)


def _check_case(check: Check, predict: Callable, photos: int, batch_size: int, only: str, seed: int) -> None:
    model, images = make_probe(photos, classes=5, seed=seed)
    expected, before = compute_logits(model, images), len(check.failures)
    value = call_and_log(check, predict, model, images, batch_size)
    if only in ("all", "state"):
        expect_eval(check, model)
        expect_no_graph(check, model, value)
    if only in ("all", "sizes"):
        _expect_sizes(check, count_photos(model), photos, batch_size)
    if only in ("all", "order"):
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
