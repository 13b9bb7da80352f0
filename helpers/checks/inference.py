"""Checks of notebook 04: the model in the right state, for one batch."""

from collections.abc import Callable

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


def check_predict_logits(predict_logits: Callable, *, photos: int, classes: int, seed: int = 1) -> None:
    """Check `predict_logits(model, batch) -> logits` in all respects, for a model that arrives in training mode."""
    with checking("predict_logits", "the model's own logits, in eval mode, with nothing recorded") as check:
        model, batch = make_probe(photos, classes, seed=seed)
        expected = compute_logits(model, batch)
        with check.probe(f"a model in training mode, a batch of {photos} photos"):
            value = call_and_log(check, predict_logits, model, batch)
            expect_eval(check, model)
            expect_no_graph(check, model, value)
            _expect_whole_batch(check, model, photos)
            expect_logits(check, value, expected, sure=not check.failures)


def check_predict_logits_eval(predict_logits: Callable, *, sizes: tuple[int, ...], seed: int = 2) -> None:
    """Check, for batches of these sizes, that every layer is in eval mode, and that the model stays as it came."""
    with checking("predict_logits", "every layer is in eval mode while the model runs") as check:
        for photos in sizes:
            model, batch = make_probe(photos, classes=3, seed=seed)
            before = {name: numbers.clone() for name, numbers in model.named_buffers()}
            with check.probe(f"a model in training mode, a batch of {photos}"):
                call_and_log(check, predict_logits, model, batch)
                expect_eval(check, model)
                same = all(torch.equal(numbers, before[name]) for name, numbers in model.named_buffers())
                if not check.failures and not same:
                    check.fail("model_changed", got="other running numbers", expected="the model as it came")


def check_predict_logits_no_grad(predict_logits: Callable, *, photos: int, seed: int = 3) -> None:
    """Check that nothing is recorded while the model runs, whatever mode it arrives in."""
    with checking("predict_logits", "nothing is recorded while the model runs") as check:
        for in_training in (False, True):
            model, batch = make_probe(photos, classes=4, seed=seed)
            model.train(in_training)
            with check.probe(f"a model that comes in {'training' if in_training else 'eval'} mode"):
                expect_no_graph(check, model, call_and_log(check, predict_logits, model, batch))


def _expect_whole_batch(check: Check, model: RecordingModel, photos: int) -> None:
    sizes = count_photos(model)
    if sizes != [photos]:
        cause = "model_called_again" if sizes[0] == photos else "batch_taken_apart"
        check.fail(cause, got=f"calls with {sizes} photos", expected=f"one call with {photos} photos")
