"""Checks of notebook 04: many photos, a few at a time."""

import math
from collections.abc import Callable, Sequence

from torch import Tensor

from helpers.checks.model_calls import (
    compute_logits,
    count_photos,
    expect_eval,
    expect_logits,
    expect_no_graph,
    find_tensors,
)
from helpers.checks.probe_models import RecordingModel, make_probe
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
    value = _call(check, predict, model, images, batch_size)
    if only in ("all", "state"):
        expect_eval(check, model)
        expect_no_graph(check, model, value)
    if only in ("all", "sizes"):
        _expect_sizes(check, count_photos(model), photos, batch_size)
    if only in ("all", "order"):
        if only == "order":
            _expect_calls(check, model, value, photos, batch_size)
        expect_logits(check, value, expected, sure=len(check.failures) == before)


def _call(check: Check, predict: Callable, model: RecordingModel, images: Tensor, batch_size: int) -> object:
    """Call the student's function; end the probe if it raised, or never called the model."""
    value, error = check.attempt(predict, model, images, batch_size)
    if error is not None:
        nothing_ran = not model.calls and len(images) < batch_size and "non-empty list" in str(error)
        cause = "remainder_dropped" if nothing_ran else "raised_error"
        check.stop(cause, got=f"{type(error).__name__}: {error}", expected="a result, no error")
    if not model.calls:
        check.stop("model_not_called", got=value, expected="one call of the model or more")
    return value


def _expect_calls(check: Check, model: RecordingModel, value: object, photos: int, batch_size: int) -> None:
    """End the probe if calls explain wrong logits: photos that never reached the model, or training mode."""
    sizes, results = count_photos(model), find_tensors(value)
    if sum(sizes) < photos and [len(part) for part in results if part.ndim == 2] == [sum(sizes)]:
        cause = _find_sizes_cause(sizes, photos, batch_size)
        check.stop(cause, got=f"batches of {sizes}", expected=f"the logits of {photos} photos")
    if any(call.in_training for call in model.calls):
        check.stop("ran_in_training_mode", got="a call in training mode", expected="the logits of eval mode")


def _expect_sizes(check: Check, sizes: list[int], photos: int, batch_size: int) -> None:
    """Fail unless `sizes` add up to all photos, in as few batches as possible, none above `batch_size`."""
    full, rest = divmod(photos, batch_size)
    wanted = [batch_size] * full + [rest] * (rest > 0)
    if cause := _find_sizes_cause(sizes, photos, batch_size):
        check.fail(cause, got=f"batches of {sizes}", expected=f"for example {wanted}")


def _find_sizes_cause(sizes: list[int], photos: int, batch_size: int) -> str | None:
    cause, part = _find_usual_sizes_cause(sizes, photos, batch_size), math.ceil(photos / batch_size)
    parts = [min(part, photos - start) for start in range(0, photos, part)]  # as Tensor.chunk(batch_size) gives them
    mistakable = cause in ("too_many_batches", "one_by_one", "batch_too_large")
    return "number_of_batches_taken" if mistakable and sizes == parts else cause


def _find_usual_sizes_cause(sizes: list[int], photos: int, batch_size: int) -> str | None:
    if max(sizes) > batch_size:
        return "all_at_once" if sizes == [photos] else "batch_too_large"
    if sum(sizes) < photos:
        return "remainder_dropped" if sum(sizes) == photos // batch_size * batch_size else "photos_missing"
    if sum(sizes) > photos:
        return "photos_sent_twice"
    if len(sizes) > math.ceil(photos / batch_size):
        return "one_by_one" if max(sizes) == 1 else "too_many_batches"
    return None
