"""Checks of notebook 04: many photos, a few at a time."""

import math
from collections.abc import Callable, Sequence

from helpers.checks.model_calls import (
    call_with_model,
    count_photos,
    expect_eval,
    expect_logits,
    expect_made_of_logits,
    expect_no_graph,
    find_tensors,
    read_model_call,
)
from helpers.checks.probe_models import ModelProbe, make_probe
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
    probe, before = make_probe(photos, classes=5, seed=seed), len(check.failures)
    value, in_training = _call(check, predict, probe, batch_size)
    if only in ("all", "state"):
        expect_eval(check, probe.log, in_training_now=in_training)
        expect_no_graph(check, probe.log, value)
    if only in ("all", "sizes"):
        _expect_sizes(check, count_photos(probe.log), photos, batch_size)
    if only in ("all", "order"):
        if only == "order":
            _expect_calls(check, probe, value, batch_size)
        expect_logits(check, value, probe.compute_logits(), sure=len(check.failures) == before)
    elif only == "state" and len(check.failures) == before:
        expect_made_of_logits(check, value, probe.compute_logits())


def _call(check: Check, predict: Callable, probe: ModelProbe, batch_size: int) -> tuple[object, bool]:
    """Call the student's function; end the probe if it raised, or never called the model."""
    value, error = check.ask(call_with_model, predict, model=probe.model, args=(probe.photos, batch_size))
    if error is not None:
        nothing_ran = not probe.log.calls and len(probe.photos) < batch_size and "non-empty list" in error.text
        check.stop_for_error("remainder_dropped" if nothing_ran else "raised_error", error)
    came = read_model_call(value)
    if not probe.log.calls:
        check.stop("model_not_called", got=came.value, expected="one call of the model or more")
    return came.value, came.in_training


def _expect_calls(check: Check, probe: ModelProbe, value: object, batch_size: int) -> None:
    """End the probe if calls explain wrong logits: photos that never reached the model, or training mode."""
    sizes, results, photos = count_photos(probe.log), find_tensors(value), len(probe.photos)
    if sum(sizes) < photos and [len(part) for part in results if part.ndim == 2] == [sum(sizes)]:
        cause = _find_sizes_cause(sizes, photos, batch_size)
        assert cause is not None  # too few photos always have one
        check.stop(cause, got=f"batches of {sizes}", expected=f"the logits of {photos} photos")
    if any(call.in_training for call in probe.log.calls):
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
