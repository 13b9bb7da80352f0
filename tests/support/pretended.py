"""What the tests of notebook 07's checks share: two small models as data, and results that make no sense."""

import numpy as np
import torch

from helpers.checks.app.pretend_models import PretendModel

FRUIT = PretendModel(
    labels=["apple", "banana", "cherry", "date", "elderberry", "fig", "grape"],
    shares={
        "red": [0.31, 0.02, 0.44, 0.05, 0.03, 0.08, 0.07],
        "green": [0.27, 0.16, 0.01, 0.04, 0.02, 0.10, 0.40],
        "blue": [0.03, 0.01, 0.06, 0.13, 0.52, 0.07, 0.18],
    },
)
ANIMALS = PretendModel(
    labels=["ant", "bee", "cat", "dog", "elk"],
    shares={
        "red": [0.05, 0.40, 0.10, 0.25, 0.20],
        "green": [0.33, 0.07, 0.29, 0.13, 0.18],
        "blue": [0.02, 0.11, 0.17, 0.61, 0.09],
    },
)
STRANGE = [None, 3, "text", [], {}, (), ([], {}), torch.zeros(()), np.zeros((2, 2)), object(), "x" * 10**6, [{}], [0]]


def empty_stub(*arguments):
    """Raise what the stub of an exercise raises."""
    raise NotImplementedError()
