"""helpers/measure/autograd_memory.py: bytes that autograd keeps."""

import pytest
import torch
from torch import nn

from helpers.measure.autograd_memory import measure_graph_mb

BATCH = torch.ones(2, 3, 10, 10)


def test_counts_what_each_layer_saves_once():
    model = nn.Sequential(nn.Sigmoid(), nn.Tanh())  # each saves what it gives out: 600 numbers of 4 bytes
    assert measure_graph_mb(model, BATCH.clone().requires_grad_()) == pytest.approx(2 * 600 * 4 / 1e6)


def test_leaves_out_the_numbers_of_the_model():
    model = nn.Sequential(nn.Flatten(), nn.Linear(300, 50))  # saves its input, for its weights
    assert measure_graph_mb(model, BATCH) == pytest.approx(600 * 4 / 1e6)


def test_is_zero_when_nothing_is_recorded():
    model = nn.Linear(10, 10)
    with torch.no_grad():
        assert measure_graph_mb(model, BATCH) == 0
    with torch.inference_mode():
        assert measure_graph_mb(model, BATCH) == 0
