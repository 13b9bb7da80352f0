"""The peak of live tensors: exact, the same without numbers, and blind to what was there before."""

import pytest
import torch
from torch import nn

from helpers.measure.memory import measure_peak_mb

MB = 250_000  # float32 numbers


def test_only_what_lives_at_the_same_time_counts():
    def chain():
        a = torch.zeros(MB)
        b = a + 1
        del a
        c = b + 1
        del b
        return c

    assert measure_peak_mb(chain) == pytest.approx(2)


def test_kept_tensors_add_up():
    assert measure_peak_mb(lambda: [torch.zeros(MB) for _ in range(5)]) == pytest.approx(5)


def test_views_and_in_place_operations_cost_nothing():
    given = torch.zeros(4, MB)
    assert measure_peak_mb(lambda: given.view(-1).add_(1).relu_()[:10].t()) == 0
    assert measure_peak_mb(lambda: torch.zeros(4, MB).t().relu_()) == pytest.approx(4)


def make_model():
    return nn.Sequential(*[nn.Sequential(nn.Linear(100, 100), nn.Sigmoid()) for _ in range(10)])


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_graph_keeps_tensors_alive(device):
    model, batch = make_model().to(device), torch.zeros(2500, 100, device=device)
    with torch.no_grad():
        without = measure_peak_mb(lambda: model(batch))
    assert without == pytest.approx(3)  # what came into a pair of layers, between them, and out of it
    assert measure_peak_mb(lambda: model(batch)) == pytest.approx(11)  # ten results of sigmoid, one of the last layer


def test_measuring_twice_gives_the_same():
    model, batch = make_model(), torch.zeros(100, 100)
    assert measure_peak_mb(lambda: model(batch)) == measure_peak_mb(lambda: model(batch))


def test_an_error_comes_out_and_the_next_run_is_clean():
    with pytest.raises(ZeroDivisionError):
        measure_peak_mb(lambda: torch.zeros(MB) / (1 // 0))
    assert measure_peak_mb(lambda: torch.zeros(MB)) == pytest.approx(1)
