"""Checks of notebook 07: smaller batches until they fit into memory."""

import weakref
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from helpers.checks.probe_models import call_with_model
from helpers.checks.report import Check, checking

MOST_CALLS = 200  # stops a loop that never ends


class SmallMemory:
    """A function from a batch [N, 3] to logits [N, 3] that runs out of memory above `limit` photos.

    As on a real device, what a failed call has allocated lives as long as its error does.
    """

    def __init__(self, limit: int, error: Exception | None = None) -> None:
        self.limit, self.error = limit, error
        self.sizes: list[int] = []
        self.error_kept = False
        self._burden: Callable[[], object] = lambda: None

    def __call__(self, batch: Tensor) -> Tensor:
        """Give twice the batch, or raise."""
        self.sizes.append(len(batch))
        self.error_kept = self.error_kept or self._burden() is not None
        if len(self.sizes) > MOST_CALLS:
            raise RuntimeError("the loop does not end")
        if self.error is not None:
            raise self.error
        if len(batch) > self.limit:
            burden = torch.zeros(1)
            self._burden = weakref.ref(burden)
            raise torch.OutOfMemoryError(f"CUDA out of memory. Tried a batch of {len(batch)}.")
        return 2 * batch

    def find_cause(self) -> str | None:
        """Name what was wrong with the attempts so far; None if nothing was."""
        return "error_kept" if self.error_kept else None


def check_predict_within_memory(predict_within_memory: Callable, *, cases: Sequence[tuple[int, int]]) -> None:
    """Check `predict_within_memory(predict, batch)` for cases of (photos, photos that fit)."""
    with checking("predict_within_memory", "all logits in order, with the batches that fit") as check:
        for photos, limit in cases:
            with check.probe(f"{photos} photos, and {limit} fit into memory"):
                predict, batch = SmallMemory(limit), _make_batch(photos)
                value = call_with_model(check, predict.find_cause, predict_within_memory, (predict, batch.clone()))
                _expect_call(check, predict, value)
                _expect_logits(check, value, 2 * batch)
                _expect_sizes(check, predict, photos)


def check_predict_within_memory_errors(predict_within_memory: Callable, *, photos: int) -> None:
    """Check that the error comes out when one photo does not fit, and that other errors come out at once."""
    with checking("predict_within_memory", "stops at one photo, and lets other errors out") as check:
        with check.probe(f"{photos} photos, and not even one fits"):
            predict = SmallMemory(0)
            _expect_error(check, predict_within_memory, predict, photos, torch.OutOfMemoryError)
            alone = 1 in predict.sizes
            check.expect(
                alone, "gave_up_too_early", got=f"parts of {predict.sizes}", expected="one photo is tried alone"
            )
        with check.probe("a model that fails for another reason"):
            predict = SmallMemory(photos, RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
            _expect_error(check, predict_within_memory, predict, photos, RuntimeError)
            many = len(predict.sizes) > 1
            check.expect(not many, "other_error_retried", got=f"{len(predict.sizes)} attempts", expected="one")


def _make_batch(photos: int) -> Tensor:
    return torch.arange(photos * 3, dtype=torch.float32).reshape(photos, 3)


def _expect_call(check: Check, predict: SmallMemory, value: object) -> None:
    if not predict.sizes:
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


def _expect_sizes(check: Check, predict: SmallMemory, photos: int) -> None:
    fitting = [size for size in predict.sizes if size <= predict.limit]
    least = min(photos, (predict.limit + 1) // 2)
    if predict.error_kept:
        check.fail("error_kept", got="a retry while the error was alive", expected="a retry after the except block")
    if max(fitting) < least:
        check.fail("batches_too_small", got=f"batches of {fitting}", expected=f"batches of {least} or more")


def _expect_error(check: Check, function: Callable, predict: SmallMemory, photos: int, kind: type) -> None:
    expected = f"{kind.__name__} comes out"
    value, error = check.attempt(function, predict, _make_batch(photos))
    if error is None:
        _expect_call(check, predict, value)
        check.stop("error_hidden", got=value, expected=expected)
    right = isinstance(error, kind) and "does not end" not in str(error)
    cause = "loop_without_end" if "does not end" in str(error) else "wrong_error_type"
    check.expect(right, cause, got=f"{type(error).__name__}: {error}", expected=expected)
