"""Logits of which every place is known, and changes to them of which it is known whether they matter.

In each photo, two classes that follow each other differ by 0.4 of the tolerance: they can change places without
any logit moving further than is allowed. The first two photos lie close together and have the same order of classes,
the others lie far below and have other orders.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

STEP = 0.4  # between places, in tolerances
NOISE = 0.15  # in tolerances: less than half a step, so that no classes change places
FAR = 5.0  # in tolerances: more than is allowed


@dataclass(frozen=True)
class Logits:
    """A reference [photos, classes]: `places[n, i]` is the class at place i of photo n, 0 the best."""

    values: Tensor
    places: Tensor
    k: int
    tolerance: float

    def move(self, photo: int, place: int, distance: float) -> Tensor:
        """Return the values, with one of them moved by `distance` tolerances."""
        moved = self.values.clone()
        moved[photo, self.places[photo, place]] += distance * self.tolerance
        return moved

    def swap(self, photo: int, place: int) -> Tensor:
        """Return the values, with the class at `place` and the next one having changed places."""
        swapped, pair = self.values.clone(), self.places[photo, place : place + 2]
        swapped[photo, pair] = self.values[photo, pair.flip(0)]
        return swapped


def make_logits(*, photos: int, classes: int, k: int, tolerance: float, seed: int) -> Logits:
    """Make a reference; `seed` chooses the orders of the classes."""
    generator = torch.Generator().manual_seed(seed)
    places = torch.stack([torch.randperm(classes, generator=generator) for _ in range(photos)])
    places[1:2] = places[0]
    heights = [0.5, 0.0, *(-100.0 * photo for photo in range(1, photos))][:photos]
    rows = torch.tensor(heights)[:, None] - STEP * torch.arange(classes)
    values = torch.empty(photos, classes).scatter_(1, places, rows * tolerance)
    return Logits(values, places, k, tolerance)


@dataclass(frozen=True)
class Change:
    """A change to one photo: `apply(logits, photo)` gives new values. `same` says what the verdict must be."""

    about: str
    same: bool
    cause: str
    apply: Callable[[Logits, int], Tensor]


def _add_noise(logits: Logits, photo: int) -> Tensor:
    signs = torch.ones_like(logits.values)
    signs[:, ::2] = -1
    return logits.values + signs * NOISE * logits.tolerance


def _move_first_photos(logits: Logits, photo: int) -> Tensor:
    moved = logits.values.clone()
    moved[0] -= 0.5 * logits.tolerance
    moved[1:2] += 0.5 * logits.tolerance
    return moved


def _move_all(logits: Logits, photo: int) -> Tensor:
    moved = logits.values.clone()
    moved[photo] += FAR * logits.tolerance
    return moved


def _put_nan(values: Tensor, logits: Logits, photo: int) -> Tensor:
    values = values.clone()
    values[photo, logits.places[photo, -1]] = torch.nan
    return values


CHANGES = {
    "none": Change("the same logits twice", True, "same_not_seen", lambda logits, photo: logits.values.clone()),
    "noise": Change("logits that differ by less than the tolerance", True, "exact_equality_asked", _add_noise),
    "photos moved": Change(
        "all logits of a photo a little lower, less than the tolerance", True, "top_k_over_photos", _move_first_photos
    ),
    "after k": Change(
        "two classes after place k have changed places",
        True,
        "places_after_k_compared",
        lambda logits, photo: logits.swap(photo, logits.k),
    ),
    "best two": Change(
        "the two best classes have changed places, by less than the tolerance",
        False,
        "order_of_classes_ignored",
        lambda logits, photo: logits.swap(photo, 0),
    ),
    "last two": Change(
        "the last two of the k best classes have changed places, by less than the tolerance",
        False,
        "only_first_places_compared",
        lambda logits, photo: logits.swap(photo, logits.k - 2),
    ),
    "another class": Change(
        "another class stands at place k, by less than the tolerance",
        False,
        "only_first_places_compared",
        lambda logits, photo: logits.swap(photo, logits.k - 1),
    ),
    "all raised": Change(
        "all logits of a photo are higher by more than the tolerance", False, "difference_missed", _move_all
    ),
    "best raised": Change(
        "one logit is higher by more than the tolerance",
        False,
        "difference_missed",
        lambda logits, photo: logits.move(photo, 0, FAR),
    ),
    "last lowered": Change(
        "one logit is lower by more than the tolerance",
        False,
        "difference_missed",
        lambda logits, photo: logits.move(photo, -1, -FAR),
    ),
    "nan": Change(
        "one logit is nan (not a number)",
        False,
        "nan_accepted",
        lambda logits, photo: _put_nan(logits.values, logits, photo),
    ),
}
