"""Checks of notebook 03, make_batch: wrong answers fail with their cause's name, right ones of any style pass."""

import sys
import warnings

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader
from torchvision.transforms import functional as F
from tqdm import tqdm

from helpers.checks.preprocessing.make_batch import check_make_batch

CASES = {
    "usual": [(60, 40), (30, 50)],
    "single": [(17, 31)],
    "order": [(8, 9), (30, 20), (12, 12), (5, 40), (21, 7)],
}


@pytest.fixture
def run_all(run_check):
    def run(answer):
        results = {name: run_check(check_make_batch, answer, sizes=sizes) for name, sizes in CASES.items()}
        return {name: set(result.causes) for name, result in results.items() if not result.passed}

    return run


def stack(images, preprocess):
    return torch.stack([preprocess(image) for image in images])


def concatenate(images, preprocess):
    return torch.cat([preprocess(image).unsqueeze(0) for image in images])


def fill(images, preprocess):
    first = preprocess(images[0])
    batch = torch.empty(len(images), *first.shape)
    batch[0] = first
    for index in range(1, len(images)):
        batch[index] = preprocess(images[index])
    return batch


def load(images, preprocess):
    return next(iter(DataLoader([preprocess(image) for image in images], batch_size=len(images))))


def use_numpy(images, preprocess):
    return torch.from_numpy(np.stack(list(map(np.asarray, map(preprocess, images)))))


def convert_first(images, preprocess):
    return torch.stack(tuple(preprocess(image.convert("RGB")) for image in images), dim=-4)


def print_much(images, preprocess):
    warnings.warn("this is only a warning", stacklevel=1)
    print("to stderr", file=sys.stderr)
    return stack(tqdm(images), preprocess)


RIGHT = [stack, concatenate, fill, load, use_numpy, convert_first, print_much]


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer.__name__)
def test_right_answers_of_any_style_pass(answer, run_all):
    assert run_all(answer) == {}


def make_list(images, preprocess):
    return [preprocess(image) for image in images]


def make_generator(images, preprocess):
    return (preprocess(image) for image in images)


def join_channels(images, preprocess):
    return torch.cat([preprocess(image) for image in images])


def join_side_by_side(images, preprocess):
    return torch.cat([preprocess(image) for image in images], dim=-1)


def add_only_when_several(images, preprocess):
    return preprocess(images[0]) if len(images) == 1 else stack(images, preprocess)


def stack_second(images, preprocess):
    return torch.stack([preprocess(image) for image in images], dim=1)


def unsqueeze_second(images, preprocess):
    return torch.cat([preprocess(image).unsqueeze(1) for image in images], dim=1)


def stack_batches(images, preprocess):
    return torch.stack([preprocess(image).unsqueeze(0) for image in images])


def take_first(images, preprocess):
    return preprocess(images[0]).unsqueeze(0)


def take_first_without_batch(images, preprocess):
    return preprocess(images[0])


def reverse(images, preprocess):
    return stack(images[::-1], preprocess)


def sort_by_size(images, preprocess):
    return stack(sorted(images, key=lambda image: image.width), preprocess)


def repeat_last(images, preprocess):
    return torch.stack([preprocess(image) for image in images][-1:] * len(images))


def preprocess_twice(images, preprocess):
    shapes = {preprocess(image).shape for image in images}
    return stack(images, preprocess) if len(shapes) == 1 else None


def use_own_preprocess(images, preprocess):
    return torch.stack([F.to_tensor(image.resize((5, 4))) for image in images])


def give_tensors(images, preprocess):
    return torch.stack([preprocess(F.to_tensor(image)) for image in images])


def make_doubles(images, preprocess):
    return stack(images, preprocess).double()


def not_answered(images, preprocess):
    raise NotImplementedError


EVERYWHERE = set(CASES)
WRONG = [
    (make_list, "batch_is_list", EVERYWHERE),
    (join_channels, "batch_concatenated", {"usual", "order"}),
    (join_channels, "batch_of_one_missing", {"single"}),
    (join_side_by_side, "batch_concatenated", {"usual", "order"}),
    (add_only_when_several, "batch_of_one_missing", {"single"}),
    (stack_second, "batch_dimension_not_first", EVERYWHERE),
    (unsqueeze_second, "batch_dimension_not_first", EVERYWHERE),
    (stack_batches, "batch_dimension_twice", EVERYWHERE),
    (take_first, "batch_incomplete", {"usual", "order"}),
    (take_first_without_batch, "batch_incomplete", {"usual", "order"}),
    (reverse, "batch_order_lost", {"usual", "order"}),
    (sort_by_size, "batch_order_lost", {"usual", "order"}),
    (repeat_last, "batch_repeats_photo", {"usual", "order"}),
    (preprocess_twice, "preprocess_called_twice", EVERYWHERE),
    (use_own_preprocess, "preprocess_not_called", EVERYWHERE),
    (give_tensors, "raised_error", EVERYWHERE),
    (make_doubles, "not_float32", EVERYWHERE),
    (make_generator, "wrong_type", set()),
    (not_answered, "not_answered", EVERYWHERE),
]


@pytest.mark.parametrize(("answer", "cause", "where"), WRONG, ids=lambda item: getattr(item, "__name__", None))
def test_wrong_answers_are_named(answer, cause, where, run_all):
    causes = run_all(answer)
    assert causes
    assert all(cause in causes[name] for name in where)


VALUES = [None, "batch", 3, [], (), {}, np.zeros((2, 3, 4, 5)), torch.tensor(1.0), torch.zeros(0), torch.zeros(2, 3)]


@pytest.mark.parametrize("value", [*VALUES, torch.zeros(2, 3, 4, 5), torch.zeros(2, 3, 4, 5, device="meta")])
def test_any_result_fails_without_a_crash(value, run_all):
    def answer(images, preprocess):
        for image in images:
            preprocess(image)
        return value

    assert set(run_all(answer)) == EVERYWHERE
