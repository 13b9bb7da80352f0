"""Checks of notebook 02, counting and reading: wrong answers are named, right answers of any style pass."""

import math
import warnings
from collections import Counter, defaultdict

import numpy as np
import pytest
import torch
from torch import nn

from helpers.checks.loading.counting import check_count_layers, check_count_parameters
from helpers.checks.loading.read_architecture import RIGHT, check_read_architecture, seal_answer


def make_model():
    """A partly frozen model with BatchNorm: 27 + 6 + 16 = 49 parameters in 6 tensors, 7 numbers in buffers."""
    model = nn.Sequential(nn.Conv2d(2, 3, 2, bias=True), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(3, 4))
    model[3].requires_grad_(False)
    return model


PARAMETERS = 27 + 6 + 16
PARAMETERS_KNOWN_WRONG = {
    6: "tensors_counted",
    PARAMETERS + 7: "buffers_counted",
    PARAMETERS - 16: "frozen_left_out",
    PARAMETERS - 3 - 3 - 4: "biases_left_out",
}


def make_tied_model():
    """Two layers that share one matrix of 12 x 6, and one of 6 x 6 between them."""
    model = nn.Sequential(nn.Embedding(12, 6), nn.Linear(6, 6, bias=False), nn.Linear(6, 12, bias=False))
    model[2].weight = model[0].weight
    return model


def not_answered(model):
    raise NotImplementedError


WRONG_PARAMETER_COUNTS = {
    "blank": (not_answered, "not_answered"),
    "tensors": (lambda model: len(list(model.parameters())), "tensors_counted"),
    "state dict": (lambda model: sum(number.numel() for number in model.state_dict().values()), "buffers_counted"),
    "trainable": (lambda model: sum(p.numel() for p in model.parameters() if p.requires_grad), "frozen_left_out"),
    "bytes": (lambda model: sum(p.nbytes for p in model.parameters()), "bytes_counted"),
    "weights": (lambda m: sum(p.numel() for n, p in m.named_parameters() if "weight" in n), "biases_left_out"),
    "text": (lambda model: f"{PARAMETERS:,}", "wrong_type"),
    "list": (lambda model: [p.numel() for p in model.parameters()], "wrong_type"),
    "float": (lambda model: float(PARAMETERS), "wrong_type"),
    "None": (lambda model: None, "wrong_type"),
    "True": (lambda model: True, "wrong_type"),
    "tensor": (lambda model: torch.zeros(1000, 1000), "wrong_type"),
    "other": (lambda model: 10**30, "wrong_number"),
    "crash": (lambda model: model.count_parameters(), "raised_error"),
}


def count_by_recursion(model):
    own = sum(parameter.numel() for parameter in model.parameters(recurse=False))
    return own + sum(count_by_recursion(child) for child in model.children())


def count_with_noise(model):
    warnings.warn("slow", stacklevel=1)
    return sum(parameter.numel() for parameter in model.parameters())


RIGHT_PARAMETER_COUNTS = {
    "usual": lambda model: sum(parameter.numel() for parameter in model.parameters()),
    "named": lambda model: sum(math.prod(p.shape) for _, p in model.named_parameters()),
    "numpy": lambda model: np.sum([np.prod(p.shape) for p in model.parameters()]),
    "tensor": lambda model: torch.tensor([p.numel() for p in model.parameters()]).sum(),
    "vector": lambda model: torch.nn.utils.parameters_to_vector(model.parameters()).numel(),
    "set": lambda model: sum(p.numel() for p in {id(p): p for p in model.parameters()}.values()),
    "noise": count_with_noise,
}


@pytest.mark.parametrize("name", WRONG_PARAMETER_COUNTS)
def test_wrong_parameter_count_is_named(run_check, name):
    answer, cause = WRONG_PARAMETER_COUNTS[name]
    cases = [(make_model(), PARAMETERS), ("resnet18", 11_689_512)]
    result = run_check(check_count_parameters, answer, cases, about="a model", known_wrong=PARAMETERS_KNOWN_WRONG)
    assert result.causes == [cause]


@pytest.mark.parametrize(
    "answer", [count_by_recursion, lambda model: sum(v.numel() for v in model.state_dict().values())]
)
def test_shared_parameter_counted_twice_is_named(run_check, answer):
    known_wrong = {72 + 72 + 36: "shared_counted_twice"}
    cases = [(make_tied_model(), 72 + 36)]
    assert run_check(check_count_parameters, answer, cases, about="a tied model", known_wrong=known_wrong).causes == [
        "shared_counted_twice"
    ]


@pytest.mark.filterwarnings("ignore:slow")
@pytest.mark.parametrize("style", RIGHT_PARAMETER_COUNTS)
def test_right_parameter_count_passes(run_check, style, capfd):
    cases = [(make_model(), PARAMETERS), (make_tied_model(), 108), ("resnet18", 11_689_512)]
    result = run_check(check_count_parameters, RIGHT_PARAMETER_COUNTS[style], cases, about="three models")
    assert result.passed, result.text
    assert capfd.readouterr().err == ""


class PaddedConv2d(nn.Conv2d):
    """A convolution of a type of its own."""


def make_boxes():
    """Two boxes around five layers; one ReLU stands in three places."""
    relu = nn.ReLU()
    box = nn.Sequential(PaddedConv2d(4, 4, 1), relu)
    return nn.Sequential(nn.Conv2d(3, 4, 1), relu, box, nn.Sequential(box, relu, nn.Linear(2, 2)))


LAYERS = {"Conv2d": 1, "ReLU": 1, "PaddedConv2d": 1, "Linear": 1}
LAYERS_KNOWN_WRONG = {
    "reused_counted_twice": {"Conv2d": 1, "ReLU": 4, "PaddedConv2d": 2, "Linear": 1},
    "subclass_under_parent": {"Conv2d": 2, "ReLU": 1, "Linear": 1},
}


def list_leaves(model):
    return [module for module in model.modules() if not list(module.children())]


def count_in_every_place(model):
    if not list(model.children()):
        return Counter([type(model).__name__])
    return sum((count_in_every_place(child) for child in model.children()), Counter())


def count_with_isinstance(model):
    kinds = (nn.Conv2d, nn.ReLU, nn.Linear)
    return {kind.__name__: sum(isinstance(module, kind) for module in model.modules()) for kind in kinds}


WRONG_LAYER_COUNTS = {
    "blank": (not_answered, "not_answered"),
    "boxes too": (lambda m: Counter(type(module).__name__ for module in m.modules()), "containers_counted"),
    "boxes, not the model": (
        lambda model: Counter(type(module).__name__ for name, module in model.named_modules() if name),
        "containers_counted",
    ),
    "first level": (lambda model: Counter(type(child).__name__ for child in model.children()), "first_level_only"),
    "every place": (count_in_every_place, "reused_counted_twice"),
    "isinstance": (count_with_isinstance, "subclass_under_parent"),
    "types as keys": (lambda model: Counter(type(module) for module in list_leaves(model)), "layer_classes_as_keys"),
    "places as keys": (
        lambda m: {n: 1 for n, part in m.named_modules() if not list(part.children())},
        "layers_counted_by_place",
    ),
    "with parameters": (
        lambda model: Counter(type(part).__name__ for part in list_leaves(model) if list(part.parameters())),
        "layers_left_out",
    ),
    "one more": (lambda model: {**LAYERS, "Linear": 2}, "wrong_layer_numbers"),
    "number": (lambda model: len(list_leaves(model)), "wrong_type"),
    "pairs": (lambda model: list(LAYERS.items()), "wrong_type"),
    "lists": (
        lambda model: {name: [number] * number for name, number in LAYERS.items()} | {"ReLU": None},
        "wrong_type",
    ),
    "None": (lambda model: None, "wrong_type"),
    "crash": (lambda model: model.layers, "raised_error"),
}


def count_with_defaultdict(model):
    counts = defaultdict(int, Dropout=0)
    for module in list_leaves(model):
        counts[module.__class__.__name__] += 1
    return counts


def count_by_recursion_once(model, seen=None):
    seen = set() if seen is None else seen
    counts = Counter()
    for child in model.children():
        if list(child.children()):
            counts += count_by_recursion_once(child, seen)
        elif id(child) not in seen:
            seen.add(id(child))
            counts[type(child).__name__] += 1
    return counts


def count_with_numpy(model):
    names, numbers = np.unique([type(module).__name__ for module in list_leaves(model)], return_counts=True)
    return dict(zip(names, numbers, strict=True))


RIGHT_LAYER_COUNTS = {
    "Counter": lambda model: Counter(type(module).__name__ for module in list_leaves(model)),
    "defaultdict": count_with_defaultdict,
    "recursion": count_by_recursion_once,
    "numpy": count_with_numpy,
    "_modules": lambda model: dict(Counter(part._get_name() for part in model.modules() if not part._modules)),
}


@pytest.mark.parametrize("name", WRONG_LAYER_COUNTS)
def test_wrong_layer_count_is_named(run_check, name):
    answer, cause = WRONG_LAYER_COUNTS[name]
    cases = [(make_boxes(), LAYERS), (nn.Sequential(nn.ReLU()), {"ReLU": 1})]
    result = run_check(check_count_layers, answer, cases, about="boxes", known_wrong=LAYERS_KNOWN_WRONG)
    assert result.causes == [cause]


@pytest.mark.parametrize("style", RIGHT_LAYER_COUNTS)
def test_right_layer_count_passes(run_check, style):
    resnet18 = {"Conv2d": 20, "BatchNorm2d": 20, "ReLU": 9, "MaxPool2d": 1, "AdaptiveAvgPool2d": 1, "Linear": 1}
    cases = [(make_boxes(), LAYERS), ("resnet18", resnet18)]
    result = run_check(check_count_layers, RIGHT_LAYER_COUNTS[style], cases, about="two models")
    assert result.passed, result.text


VERDICTS = {
    "layers": {seal_answer("layers", 20): RIGHT, seal_answer("layers", 21): "linear_counted_too"},
    "shape": {
        seal_answer("shape", (1, 3, 240, 240)): RIGHT,
        seal_answer("shape", (3, 240, 240)): "batch_dimension_missing",
        seal_answer("shape", (1, 240, 240, 3)): "channels_last",
        seal_answer("shape", (1, 3, 272, 272)): "resize_taken",
    },
}
WRONG_READINGS = {
    "blank": (None, None, ["not_answered", "not_answered"]),
    "linear counted": (21, (1, 3, 240, 240), ["linear_counted_too"]),
    "no batch": (20, (3, 240, 240), ["batch_dimension_missing"]),
    "channels last": (20, (1, 240, 240, 3), ["channels_last"]),
    "resize": (20, [1, 3, 272, 272], ["resize_taken"]),
    "both": (19, (240, 240), ["misread_architecture"] * 2),
    "text": ("20", "(1, 3, 240, 240)", ["wrong_type"] * 2),
    "nonsense": ({}, lambda: 3, ["wrong_type"] * 2),
    "nested": ([[20]], torch.zeros(1, 3, 240, 240), ["misread_architecture", "wrong_type"]),
}
RIGHT_READINGS = {
    "usual": (20, (1, 3, 240, 240)),
    "list": (20, [1, 3, 240, 240]),
    "size": (np.int64(20), torch.zeros(1, 3, 240, 240).shape),
    "tensors": (torch.tensor(20), torch.tensor([1, 3, 240, 240])),
    "array": (np.array(20), np.array([1, 3, 240, 240])),
}


@pytest.mark.parametrize("name", WRONG_READINGS)
def test_wrong_reading_is_named(run_check, name):
    layers, shape, causes = WRONG_READINGS[name]
    result = run_check(check_read_architecture, {"layers": layers, "shape": shape}, verdicts=VERDICTS)
    assert result.causes == causes


@pytest.mark.parametrize("style", RIGHT_READINGS)
def test_right_reading_passes(run_check, style):
    layers, shape = RIGHT_READINGS[style]
    assert run_check(check_read_architecture, {"layers": layers, "shape": shape}, verdicts=VERDICTS).passed
