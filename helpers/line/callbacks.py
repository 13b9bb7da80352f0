"""What an answer may call back, and what stays beside it between two questions."""

from collections.abc import Callable
from typing import Any

from helpers.line.decode import decode
from helpers.line.encode import encode
from helpers.line.kinds import Kept

MAX_KEPT = 1_000
_kept: list[Any] = []


class Callback:
    """A function of the judging side that an answer may call: plain arguments reach it, its result comes back.

    What it knows (costs, right answers, a log of its calls) never lies beside the answer.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it from this very process, as in a student's own notebook; arguments take the same way as elsewhere."""
        args, kwargs = decode(*encode((args, kwargs)))
        return self.function(*args, **kwargs)

    def __deepcopy__(self, memo: dict) -> "Callback":
        """A copy of what holds it calls the same function."""
        return self


def keep(value: Any) -> Kept:
    """Let `value` stay in the process of the answer, and return a number for it that may cross the line."""
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept.append(value)
    return Kept(len(_kept) - 1)


def find_kept(kept: Kept) -> Any:
    """Return what was kept under this number in this process."""
    return _kept[kept.number]
