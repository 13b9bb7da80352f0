"""Checks of notebook 04: the model in the right state, for one batch."""

from collections.abc import Callable, Sequence

import torch

from helpers.checks.model_calls import (
    call_and_log,
    compute_logits,
    count_photos,
    expect_eval,
    expect_logits,
    expect_no_graph,
)
from helpers.checks.probe_models import RecordingModel, make_probe
from helpers.checks.report import Check, checking

BEHAVIOURS = {
    "all": "the model's own logits, in eval mode, with nothing recorded",
    "eval": "every layer is in eval mode while the model runs",
    "no_grad": "nothing is recorded while the model runs",
}


def check_predict_logits(predict_logits: Callable, *, sizes: Sequence[int], only: str = "all", seed: int = 1) -> None:
    """Check `predict_logits(model, batch) -> logits` for batches of these sizes; the model arrives in training mode.

    `only` is a key of BEHAVIOURS. Other seeds give other models and photos.
    """
    with checking("predict_logits", BEHAVIOURS[only]) as check:
        for photos in sizes:
            with check.probe(f"a model in training mode, a batch of {photos}"):
                _check_batch(check, predict_logits, photos, only, seed)


def _check_batch(check: Check, predict_logits: Callable, photos: int, only: str, seed: int) -> None:
    model, batch = make_probe(photos, classes=6, seed=seed)
    expected = compute_logits(model, batch)
    before = len(check.failures), {name: numbers.clone() for name, numbers in model.named_buffers()}
    value = call_and_log(check, predict_logits, model, batch)
    if only in ("all", "eval"):
        expect_eval(check, model)
        same = all(torch.equal(numbers, before[1][name]) for name, numbers in model.named_buffers())
        if not same and len(check.failures) == before[0]:
            check.fail("model_changed", got="other running numbers", expected="the model as it came")
    if only in ("all", "no_grad"):
        expect_no_graph(check, model, value)
    if only == "all":
        _expect_whole_batch(check, model, photos)
        expect_logits(check, value, expected, sure=len(check.failures) == before[0])


def _expect_whole_batch(check: Check, model: RecordingModel, photos: int) -> None:
    sizes = count_photos(model)
    if sizes != [photos]:
        cause = "model_called_again" if sizes[0] == photos else "batch_taken_apart"
        check.fail(cause, got=f"calls with {sizes} photos", expected=f"one call with {photos} photos")
