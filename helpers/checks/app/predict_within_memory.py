"""Checks of notebook 07: smaller batches until they fit into memory."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from helpers.checks.app.small_memory import SEED, Predict, SmallMemory
from helpers.checks.report import Check, checking
from helpers.line.callbacks import Callback


def check_predict_within_memory(
    predict_within_memory: Callable, *, cases: Sequence[tuple[int, int]], seed: int = SEED
) -> None:
    """Check `predict_within_memory(predict, batch)` for cases of (photos, photos that fit); `seed` chooses logits."""
    with checking("predict_within_memory", "all logits in order, with the batches that fit") as check:
        for photos, limit in cases:
            with check.probe(f"{photos} photos, and {limit} fit into memory"):
                memory = SmallMemory(photos, limit, seed=seed)
                value, error = check.attempt(predict_within_memory, Predict(Callback(memory.run)), memory.batch.clone())
                if error:
                    check.stop_for_error("error_kept" if memory.error_kept else "raised_error", error)
                _expect_call(check, memory, value)
                _expect_logits(check, value, memory.logits)
                if memory.error_kept:
                    wanted = "a retry after the except block"
                    check.fail("error_kept", got="a retry while the error was alive", expected=wanted)
                _expect_sizes(check, memory, photos)


def check_predict_within_memory_errors(predict_within_memory: Callable, *, photos: int) -> None:
    """Check that the error comes out when one photo does not fit, and that other errors come out at once."""
    with checking("predict_within_memory", "stops at one photo, and lets other errors out") as check:
        with check.probe(f"{photos} photos, and not even one fits"):
            memory = SmallMemory(photos, 0)
            _expect_error(check, predict_within_memory, memory, torch.OutOfMemoryError)
            got = f"parts of {memory.sizes}"
            check.expect(1 in memory.sizes, "gave_up_too_early", got=got, expected="one photo is tried alone")
        with check.probe("a model that fails for another reason"):
            memory = SmallMemory(photos, photos, RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
            _expect_error(check, predict_within_memory, memory, RuntimeError)
            many = len(memory.sizes) > 1
            check.expect(not many, "other_error_retried", got=f"{len(memory.sizes)} attempts", expected="one")


def _expect_call(check: Check, memory: SmallMemory, value: object) -> None:
    if not memory.sizes:
        check.stop("function_not_called", got=value, expected="a result made with `predict`")


def _expect_logits(check: Check, value: object, right: Tensor) -> None:
    if isinstance(value, list | tuple):
        check.stop("batches_not_joined", got=value, expected="one tensor")
    if not isinstance(value, Tensor):
        check.stop("wrong_type", got=value, expected="a tensor")
    if value.shape != right.shape:
        cause = "photos_missing" if value.numel() < right.numel() else "photos_sent_twice"
        cause = cause if value.ndim == 2 else "wrong_shape"
        check.stop(cause, got=value, expected=right)
    if not torch.equal(value, right):
        by_row = torch.equal(value[value[:, 0].argsort()], right)
        check.fail("order_lost" if by_row else "wrong_values", got=value, expected=right)


def _expect_sizes(check: Check, memory: SmallMemory, photos: int) -> None:
    fitting = [size for size in memory.sizes if size <= memory.limit]
    least = min(photos, (memory.limit + 1) // 2)
    if max(fitting) < least:
        check.fail("batches_too_small", got=f"batches of {fitting}", expected=f"batches of {least} or more")


def _expect_error(check: Check, function: Callable, memory: SmallMemory, kind: type) -> None:
    expected = f"{kind.__name__} comes out"
    value, error = check.attempt(function, Predict(Callback(memory.run)), memory.batch.clone())
    if error is None:
        _expect_call(check, memory, value)
        check.stop("error_hidden", got=value, expected=expected)
    endless = "does not end" in error.text
    cause = "loop_without_end" if endless else "wrong_error_type"
    check.expect(error.is_a(kind) and not endless, cause, got=str(error), expected=expected)
