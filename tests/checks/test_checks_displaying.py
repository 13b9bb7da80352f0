"""Checks of notebook 03, undo_normalize: wrong answers fail with their cause's name, right ones pass."""

import sys
import warnings

import numpy as np
import pytest
import torch
from torchvision import transforms
from torchvision.transforms import functional as F

from helpers.checks.preprocessing.undo_normalize import (
    check_undo_normalize,
    check_undo_normalize_input,
    check_undo_normalize_limits,
)

IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
OTHER = {"mean": (0.30, 0.55, 0.80), "std": (0.35, 0.20, 0.15)}


@pytest.fixture
def run_all(run_check):
    def run(answer):
        results = {
            "usual": run_check(check_undo_normalize, answer, sizes=[(7, 5)], **IMAGENET, seed=1),
            "layout": run_check(check_undo_normalize, answer, sizes=[(11, 4), (3, 6)], **OTHER, seed=2),
            "limits": run_check(check_undo_normalize_limits, answer, **OTHER, seed=3),
            "input": run_check(check_undo_normalize_input, answer, **OTHER, seed=4),
        }
        return {name: set(result.causes) for name, result in results.items() if not result.passed}

    return run


def as_column(numbers):
    return torch.tensor(numbers)[:, None, None]


def undo(tensor, mean, std):
    return (tensor * as_column(std) + as_column(mean)).clamp(0, 1).permute(1, 2, 0)


def undo_last(tensor, mean, std):
    picture = tensor.permute(1, 2, 0) * torch.tensor(std) + torch.tensor(mean)
    return torch.clip(picture, 0, 1)


def use_normalize(tensor, mean, std):
    backwards = transforms.Normalize([-m / s for m, s in zip(mean, std, strict=True)], [1 / s for s in std])
    return backwards(tensor).clamp(0, 1).movedim(0, -1)


def use_numpy(tensor, mean, std):
    return np.clip(tensor.numpy().transpose(1, 2, 0) * np.array(std) + np.array(mean), 0, 1)


def copy_and_loop(tensor, mean, std):
    picture = tensor.clone()
    for channel in range(3):
        picture[channel] *= std[channel]
        picture[channel] += mean[channel]
    return torch.einsum("chw->hwc", picture.clamp_(0, 1))


def print_much(tensor, mean, std):
    warnings.warn("this is only a warning", stacklevel=1)
    print("to stderr", file=sys.stderr)
    return undo(tensor, mean, std)


RIGHT = [undo, undo_last, use_normalize, use_numpy, copy_and_loop, print_much]


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer.__name__)
def test_right_answers_of_any_style_pass(answer, run_all):
    assert run_all(answer) == {}


def normalize_again(tensor, mean, std):
    return F.normalize(tensor, mean, std).clamp(0, 1).permute(1, 2, 0)


def add_before_multiplying(tensor, mean, std):
    return ((tensor + as_column(mean)) * as_column(std)).clamp(0, 1).permute(1, 2, 0)


def swap_mean_and_std(tensor, mean, std):
    return undo(tensor, std, mean)


def multiply_only(tensor, mean, std):
    return (tensor * as_column(std)).clamp(0, 1).permute(1, 2, 0)


def cut_only(tensor, mean, std):
    return tensor.clamp(0, 1).permute(1, 2, 0)


def stretch(tensor, mean, std):
    return ((tensor - tensor.min()) / (tensor.max() - tensor.min())).permute(1, 2, 0)


def leave_channels(tensor, mean, std):
    return undo(tensor, mean, std).permute(2, 0, 1)


def reshape(tensor, mean, std):
    return undo(tensor, mean, std).permute(2, 0, 1).reshape(tensor.shape[1], tensor.shape[2], 3)


def transpose(tensor, mean, std):
    return undo(tensor, mean, std).transpose(0, 1)


def change_input(tensor, mean, std):
    tensor *= as_column(std)
    tensor += as_column(mean)
    return tensor.clamp(0, 1).permute(1, 2, 0)


def line_up_with_width(tensor, mean, std):
    return (tensor * torch.tensor(std) + torch.tensor(mean)).clamp(0, 1).permute(1, 2, 0)


def leave_limits(tensor, mean, std):
    return (tensor * as_column(std) + as_column(mean)).permute(1, 2, 0)


def make_bytes(tensor, mean, std):
    return (undo(tensor, mean, std) * 255).to(torch.uint8)


def keep_batch(tensor, mean, std):
    return undo(tensor, mean, std).unsqueeze(0)


def not_answered(tensor, mean, std):
    raise NotImplementedError


PICTURES = {"usual", "layout", "limits"}
EVERYWHERE = {*PICTURES, "input"}  # where values are judged; the check of the input leaves their form aside
WRONG = [
    (normalize_again, "undo_reversed", EVERYWHERE),
    (add_before_multiplying, "undo_reversed", EVERYWHERE),
    (swap_mean_and_std, "undo_reversed", EVERYWHERE),
    (multiply_only, "undo_half_done", EVERYWHERE),
    (cut_only, "normalization_kept", EVERYWHERE),
    (stretch, "contrast_stretched", EVERYWHERE),
    (leave_channels, "channels_not_moved", PICTURES),
    (reshape, "reshape_for_permute", PICTURES),
    (transpose, "height_width_swapped", PICTURES),
    (change_input, "tensor_changed", {"input"}),
    (line_up_with_width, "mean_along_width", EVERYWHERE),
    (leave_limits, "limits_left_out", {"limits"}),
    (make_bytes, "values_0_255", PICTURES),
    (keep_batch, "batch_dimension_added", PICTURES),
    (not_answered, "not_answered", EVERYWHERE),
]


@pytest.mark.parametrize(("answer", "cause", "where"), WRONG, ids=lambda item: getattr(item, "__name__", None))
def test_wrong_answers_are_named_and_cost_nothing_else(answer, cause, where, run_all):
    causes = run_all(answer)
    assert causes == {name: {cause} for name in where}


def test_a_mistaken_shape_is_named_where_pytorch_accepts_it(run_check):
    result = run_check(check_undo_normalize, line_up_with_width, sizes=[(3, 6)], **OTHER, seed=2)
    assert result.causes == ["mean_along_width"]


VALUES = [None, "picture", 3, [], torch.tensor(1.0), torch.zeros(0), np.zeros((2, 2)), torch.full((5, 7, 3), torch.nan)]


@pytest.mark.parametrize("value", [*VALUES, torch.zeros(5, 7, 3, dtype=torch.complex64)])
def test_any_result_fails_without_a_crash(value, run_all):
    assert set(run_all(lambda tensor, mean, std: value)) == EVERYWHERE
