"""Checks of notebook 04: the model in the right state, for one batch."""

from collections.abc import Callable, Sequence

import torch

from helpers.checks.model_calls import (
    call_and_log,
    count_photos,
    expect_eval,
    expect_logits,
    expect_made_of_logits,
    expect_no_graph,
)
from helpers.checks.probe_models import ModelLog, make_probe
from helpers.checks.report import Check, checking

BEHAVIOURS = {
    "all": "the model's own logits, in eval mode, with nothing recorded",
    "eval": "every layer is in eval mode while the model runs",
    "no_grad": "nothing is recorded while the model runs",
}


def check_predict_logits(predict_logits: Callable, *, sizes: Sequence[int], only: str = "all", seed: int = 1) -> None:
    """Check `predict_logits(model, batch) -> logits` for batches of these sizes; the model arrives in training mode
    (for "no_grad" in eval mode).

    `only` is a key of BEHAVIOURS. Other seeds give other models and photos.
    """
    with checking("predict_logits", BEHAVIOURS[only]) as check:
        for photos in sizes:
            with check.probe(f"a model in training mode, a batch of {photos}"):
                _check_batch(check, predict_logits, photos, only, seed)


def _check_batch(check: Check, predict_logits: Callable, photos: int, only: str, seed: int) -> None:
    probe = make_probe(photos, classes=6, seed=seed)
    before, expected = len(check.failures), probe.compute_logits()
    if only == "no_grad":
        probe.model.eval()  # so that code that forgets it is not judged here
    buffers = {name: numbers.clone() for name, numbers in probe.model.named_buffers()}
    came = call_and_log(check, predict_logits, probe, probe.photos)
    if only in ("all", "eval"):
        expect_eval(check, probe.log, in_training_now=came.in_training)
    if only == "all" and len(check.failures) == before:
        names, after = list(buffers), came.buffers
        same = list(after) == names and all(torch.equal(after[name], buffers[name]) for name in names)
        if not same:
            check.fail("model_changed", got="other running numbers", expected="the model as it came")
    if only in ("all", "no_grad"):
        expect_no_graph(check, probe.log, came.value)
    if only == "all":
        _expect_whole_batch(check, probe.log, photos)
        expect_logits(check, came.value, expected, sure=len(check.failures) == before)
    elif len(check.failures) == before:
        expect_made_of_logits(check, came.value, expected)


def _expect_whole_batch(check: Check, log: ModelLog, photos: int) -> None:
    sizes = count_photos(log)
    if sizes != [photos]:
        cause = "model_called_again" if sizes[0] == photos else "batch_taken_apart"
        check.fail(cause, got=f"calls with {sizes} photos", expected=f"one call with {photos} photos")
