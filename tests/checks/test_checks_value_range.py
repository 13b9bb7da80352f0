"""Check of notebook 03, predict_range: right numbers pass, wrong ones fail with their cause's name."""

import math

import numpy as np
import pytest
import torch

from helpers.checks.preprocessing.predict_range import check_predict_range, seal_number

LOWEST, HIGHEST = (0 - 0.485) / 0.229, (1 - 0.406) / 0.225
KNOWN_WRONG = {0: "range_before_normalizing", 2.25: "range_of_one_channel", 1131.5: "range_not_scaled"}


@pytest.fixture
def run(run_check):
    def run_with_seals(lowest, highest):
        seals = (seal_number(LOWEST), seal_number(HIGHEST))
        return run_check(check_predict_range, lowest, highest, seals=seals, known_wrong=KNOWN_WRONG)

    return run_with_seals


@pytest.mark.parametrize(
    ("lowest", "highest"),
    [
        (LOWEST, HIGHEST),
        (-2.12, 2.64),
        (-2.118, 2.640),
        (-2.11, 2.65),
        (np.float32(LOWEST), torch.tensor(HIGHEST)),
        (torch.tensor([LOWEST]), np.array(HIGHEST)),
    ],
)
def test_right_numbers_of_any_kind_pass(lowest, highest, run):
    assert run(lowest, highest).passed


@pytest.mark.parametrize(
    ("lowest", "highest", "causes"),
    [
        (None, None, ["not_answered", "not_answered"]),
        (0, HIGHEST, ["range_before_normalizing"]),
        (LOWEST, 2.249, ["range_of_one_channel"]),
        (LOWEST, 1131.5, ["range_not_scaled"]),
        (HIGHEST, LOWEST, ["range_swapped", "range_swapped"]),
        (-2.0, HIGHEST, ["range_other"]),
        (LOWEST, 2.7, ["range_other"]),
        ("-2.1", [2.64], ["wrong_type", "wrong_type"]),
        (True, torch.tensor([1.0, 2.0]), ["wrong_type", "wrong_type"]),
        (math.nan, math.inf, ["range_other", "range_other"]),
        (1 + 2j, -1e300, ["wrong_type", "range_other"]),
    ],
)
def test_wrong_numbers_are_named(lowest, highest, causes, run):
    assert run(lowest, highest).causes == causes


def test_the_text_does_not_tell_the_answer(run):
    text = run(0, 0).text
    assert "2.1" not in text and "2.6" not in text
