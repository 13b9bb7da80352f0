"""Measure the memory that tensors need at the same time."""

from collections.abc import Callable
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


def measure_peak_mb(run: Callable[[], object]) -> float:
    """Call `run()` and return the most megabytes (10^6 bytes) that its tensors took up at the same time.

    Counted are tensors that arise during the call, each storage once, as long as anything keeps it alive: a
    variable, or the graph that autograd records. What was there before, as the model's own numbers, is not
    counted, nor is scratch memory inside an operation. No allocator and no clock is asked, so that the result
    is the same on every run; on the device "meta", where tensors have a shape and no numbers, it is the same
    and costs nothing.
    """
    with _LiveTensors() as live:
        result = run()  # the name keeps the result, and the graph behind it, until the end
    del result
    return live.peak_bytes / 1e6


class _LiveTensors(TorchDispatchMode):
    """Sees the result of every operation, and notes how much of all of it is still alive."""

    def __init__(self) -> None:
        super().__init__()
        self.peak_bytes = 0
        self._sizes: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        result = func(*args, **(kwargs or {}))
        given = {storage._cdata for storage in _list_storages((args, kwargs))}  # views and in-place operations
        for storage in _list_storages(result):
            if storage._cdata not in given:
                self._sizes[storage._cdata] = (StorageWeakRef(storage), storage.nbytes())
        self._sizes = {key: (ref, size) for key, (ref, size) in self._sizes.items() if not ref.expired()}
        self.peak_bytes = max(self.peak_bytes, sum(size for _, size in self._sizes.values()))
        return result


def _list_storages(values: Any) -> list[torch.UntypedStorage]:
    return [leaf.untyped_storage() for leaf in tree_leaves(values) if isinstance(leaf, torch.Tensor)]
