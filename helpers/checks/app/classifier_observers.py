"""Observers of a student's `ImageClassifier`: make one and call it, while some of its surroundings are pretended."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from helpers.line.callbacks import find_kept, keep
from helpers.line.guard import make_scratch_folder
from helpers.line.kinds import Kept

Pretence = Callable[[], contextlib.AbstractContextManager[None]]


def make_and_keep(answer: type, *, arguments: tuple, pretences: Sequence[Pretence]) -> Kept:
    """Observer: make an object of the answer's class under these pretences; it stays there."""
    with _pretend(pretences):
        return keep(answer(*arguments))


def predict(answer: type, *, number: int, photo: tuple[str, bytes], as_text: bool, arguments: tuple, pretences) -> Any:
    """Observer: call `predict` of the object with this number, for the file `photo` of this name and content."""
    with make_scratch_folder() as folder:
        path = folder / photo[0]
        path.write_bytes(photo[1])
        with _pretend(pretences):
            return find_kept(Kept(number)).predict(str(path) if as_text else path, *arguments)


def read_device(answer: type, *, number: int) -> str | None:
    """Observer: return what the object with this number calls its device; None if it does not."""
    classifier = find_kept(Kept(number))
    return str(classifier.device) if hasattr(classifier, "device") else None


@contextlib.contextmanager
def _pretend(pretences: Sequence[Pretence]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for pretence in pretences:
            stack.enter_context(pretence())
        yield
