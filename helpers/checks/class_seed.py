"""Draw the numbers of hidden checks from a seed that the grader draws once for each class, and keeps to itself.

What a hidden check tries stays as it is written: how many cases, their shapes, ties, orders. Their numbers are drawn,
so they are the same for everybody in a class and not known before. Without a class, as in a notebook, a fixed seed
holds.
"""

import contextlib
import hashlib
import random
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from itertools import pairwise
from typing import Any

NO_CLASS = "no class"
MAX_TRIES = 1_000
class_seed: ContextVar[str] = ContextVar("class_seed", default=NO_CLASS)


@contextlib.contextmanager
def use_class_seed(seed: str) -> Iterator[None]:
    """Draw from the seed of a class while the context lasts."""
    token = class_seed.set(seed)
    try:
        yield
    finally:
        class_seed.reset(token)


def draw_for(name: str) -> "Draw":
    """Return what the check of this name draws its numbers from; each name has numbers of its own."""
    return Draw(f"{class_seed.get()}, {name}")


class Draw(random.Random):
    """A source of random numbers; beside Python's own methods it varies numbers that are written down."""

    def __init__(self, name: str) -> None:
        super().__init__(int.from_bytes(hashlib.sha512(name.encode()).digest()))

    def draw_seed(self) -> int:
        """Return a seed for NumPy's or torch's random numbers."""
        return self.getrandbits(63)

    def vary(self, values: Sequence[float], *, by: float = 0.25, digits: int = 2) -> list[float]:
        """Return positive numbers near these, rounded: what is equal stays equal, and the order stays.

        One factor, at most 1 + `by`, moves all of them; then each moves by itself, but not up to its neighbour.
        """
        for _ in range(MAX_TRIES):
            moved = self._move(sorted(set(values)), by, digits)
            numbers = list(moved.values())
            if numbers[0] > 0 and all(one < other for one, other in pairwise(numbers)):
                return [moved[value] for value in values]
        raise ValueError(f"With {digits} digits these numbers cannot keep their order: {values}")

    def _move(self, distinct: Sequence[float], by: float, digits: int) -> dict[float, float]:
        steps = [distinct[0], *(after - before for before, after in pairwise(distinct)), distinct[-1]]
        factor, moved = self.uniform(1 - by, 1 + by), {}
        for value, below, above in zip(distinct, steps, steps[1:], strict=False):
            near = self.uniform(value - 0.4 * min(below, by * value), value + 0.4 * min(above, by * value))
            moved[value] = round(factor * near, digits) if digits else round(factor * near)
        return moved

    def vary_shares(self, shares: Sequence[float]) -> list[float]:
        """Return shares near these that add up to 1, in the same order."""
        parts = self.vary(shares, digits=9)
        return [part / sum(parts) for part in parts]

    def mix(self, values: Sequence[Any]) -> list[Any]:
        """Return different values in another order, in which they neither rise nor fall."""
        mixed = sorted(values)
        while len(mixed) > 2 and mixed in (sorted(values), sorted(values, reverse=True)):
            self.shuffle(mixed)
        return mixed
