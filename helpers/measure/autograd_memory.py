"""Measure what autograd keeps for a backward pass that never comes."""

import torch
from torch import Tensor, nn


def measure_graph_mb(model: nn.Module, batch: Tensor) -> float:
    """Run `model` on `batch` [N, 3, H, W], and return how many megabytes its graph keeps alive (1 MB = 10^6 bytes).

    Counted are the tensors that autograd saves during the run, each once, without the model's own numbers, which
    are there anyway. The result follows the caller's setting: under `torch.no_grad()` it is 0. No clock and no
    allocator is asked, so that it is the same on every run.
    Source: torch.autograd.graph.saved_tensors_hooks.
    """
    own = {numbers.data_ptr() for numbers in model.state_dict().values()}
    kept: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        kept[tensor.data_ptr()] = tensor.nbytes
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        logits = model(batch)  # the name keeps the graph alive: no address is used twice
    del logits
    return sum(size for address, size in kept.items() if address not in own) / 1e6
