"""Check of notebook 02: three facts read from a printed model.

So that a student sees at once whether an answer is right, and still finds it in no file, answers are
compared by their seals: short hashes of the question and the answer.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from helpers.checks.report import checking
from helpers.checks.values import as_integer

RIGHT = "right"
RESNET50_VERDICTS = {
    "conv_layers": {
        "d187c555be3f": RIGHT,
        "65329d2156c2": "linear_counted_too",
        "61a0013e2be5": "linear_counted_too",
        "f94c5c0b2a4a": "shortcuts_left_out",
        "46c0608badc9": "name_taken",
    },
    "classes": {
        "3d318c852477": RIGHT,
        "ea7b085d9369": "background_counted",
        "9b1163304fad": "features_taken",
    },
    "input_shape": {
        "abc7d5c5cc6c": RIGHT,
        "be4ed6a81232": "batch_dimension_missing",
        "ecab0cd57ca8": "channels_last",
        "9ea9379a601e": "channels_last",
        "810846d02468": "resize_taken",
        "9f4542e8d306": "resize_taken",
    },
}


def seal_answer(question: str, answer: int | tuple[int | None, ...]) -> str:
    """Return the seal of an answer: 12 characters from which it cannot be read."""
    return hashlib.sha256(f"02_loading, {question} = {answer!r}".encode()).hexdigest()[:12]


def check_read_architecture(
    answers: Mapping[str, Any], *, verdicts: Mapping[str, Mapping[str, str]] = RESNET50_VERDICTS
) -> None:
    """Check the answers, by question. `verdicts` maps each question's seals to "right" or to a cause."""
    with checking("read_architecture", "the model's layers, classes and input are as you read them") as check:
        for question, given in answers.items():
            with check.probe(question):
                value = check.read(given)
                if value is None:
                    check.stop("not_answered", got="None", expected="your answer")
                answer = _read_answer(value)
                if answer is None:
                    check.stop("wrong_type", got=value, expected="a whole number, or a tuple of whole numbers")
                seal = seal_answer(question, answer)
                verdict = verdicts[question].get(seal, "misread_architecture")
                if verdict != RIGHT:
                    check.fail(verdict, got=value, expected="another answer")


def _read_answer(value: Any) -> int | tuple[int | None, ...] | None:
    """Return a whole number, or a tuple of them from any sequence; None stands for what is no whole number."""
    if isinstance(value, torch.Tensor | np.ndarray) and np.ndim(value) == 1:
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(as_integer(item) for item in value)
    return as_integer(value)
