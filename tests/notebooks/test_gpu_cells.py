"""Notebook 06 on a computer with a GPU, as far as this can be tried without one: devices that are only names."""

import contextlib
import io
import warnings

import pytest
import torch
from tests.support.notebook_cells import NOTEBOOKS, read_cells
from torch import nn

from helpers import devices
from helpers.checks import report
from helpers.plots import style

PATH = next((path for path in NOTEBOOKS if path.stem == "06_gpu"), None)


class NamedEvent:
    """Stands for a CUDA event."""

    def __init__(self, *, enable_timing):
        assert enable_timing
        self.done = []

    def record(self):
        self.done.append("record")

    def synchronize(self):
        self.done.append("synchronize")

    def elapsed_time(self, end):
        assert self.done == ["record"]
        assert end.done == ["record", "synchronize"]
        return 1.5


def stay_on_the_processor(move, names):
    """Return a `to` that takes a move to one of `names` for a move to the CPU."""

    def to(self, *args, **kwargs):
        args = ["cpu" if str(value) in names else value for value in args]
        return move(self, *args, **kwargs)

    return to


@pytest.fixture
def pretend(monkeypatch):
    """Return a function that makes PyTorch know the device `name`; it gives the list of waits for that device."""

    def pretend_to_have(name):
        waits = []
        there = (devices.Device("cpu", "a processor"), devices.Device(name, "a GPU by name only"))
        monkeypatch.setattr(devices, "list_devices", lambda: there)
        for kind in (torch.Tensor, nn.Module):
            monkeypatch.setattr(kind, "to", stay_on_the_processor(kind.to, {name}))
        monkeypatch.setattr(torch.accelerator, "synchronize", lambda device=None: waits.append(device))
        monkeypatch.setattr(torch.cuda, "Event", NamedEvent)
        monkeypatch.setattr(torch.cuda, "device", lambda device: contextlib.nullcontext())
        return waits

    return pretend_to_have


@pytest.fixture
def figures(monkeypatch):
    """Return the list of alternative texts of the figures that are shown."""
    shown = []
    monkeypatch.setattr(style, "display", lambda data, raw: shown.append(data["text/plain"]))
    monkeypatch.setattr(report, "display", lambda data, raw: None)
    monkeypatch.setenv("EXERCISE_PROGRESS", "off")
    monkeypatch.setenv("EXERCISE_PROFILE", "short")
    return shown


def run_cells():
    """Run every code cell of the notebook in order, in one namespace; return what each of them printed."""
    namespace, printed = {}, {}
    for cell in read_cells(PATH):
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()) as output:
                exec(cell.source, namespace)
            printed[cell.id] = output.getvalue()
    return printed


@pytest.mark.skipif(PATH is None, reason="notebook 06 is not there")
@pytest.mark.parametrize("name", ["cuda:0", "mps"])
def test_no_cell_steps_aside_where_a_gpu_is(pretend, figures, name):
    waits = pretend(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        printed = run_cells()
    assert f"Available here: cpu, {name}. Chosen: {name}." in printed["choose-here-run"]
    assert f"resnet18 on {name}:" in printed["cpu-or-gpu"]
    assert f"{name}: " in printed["transfer-real"]
    assert ("1.50 ms" if name == "cuda:0" else "skipped") in printed["events-run"]
    assert any(f"on {name}.]" in figure for figure in figures)  # the measured figure has a line for each
    assert "No GPU here" not in "".join(printed.values())
    assert set(waits) == {name}
    assert len(waits) >= 8  # two for each benchmark, two for the copy
