"""Observer of a student's `main(argv)`, which runs with a scripted `ImageClassifier`: tells all that a shell would see.

What the script says stays with the check.
"""

import contextlib
import inspect
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

ARGV_OF_THIS_PROCESS = ["image_classifier.py", "a-photo-that-nobody-asked-for.jpg"]
MAX_PRINTED = 100_000  # characters


def run_scripted(answer: Callable, *, argv: Sequence[str], make: Callable, ask: Callable) -> dict[str, Any]:
    """Observer: call `main(argv)`; tell what it returned, printed and raised.

    make, ask: called with what the scripted class, or its `predict`, is called with; they give an error to be raised,
    or what is to be returned. A real interrupt comes out, one of theirs is told.
    """
    out, err = io.StringIO(), io.StringIO()
    raised: list[BaseException] = []
    value, error = None, None
    with (
        _replace_classifier(answer, _make_class(make, ask, raised)),
        _replace_argv(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            value = answer(list(argv))
        except SystemExit as stop:
            value, text = (1, f"{stop.code}\n") if isinstance(stop.code, str) else (stop.code or 0, "")
            err.write(text)
        except BaseException as came:
            if isinstance(came, KeyboardInterrupt) and not any(came is scripted for scripted in raised):
                raise
            error = came
    stdout, stderr = (stream.getvalue()[:MAX_PRINTED] for stream in (out, err))
    return {"returned": value, "error": error, "stdout": stdout, "stderr": stderr}


def _make_class(make: Callable, ask: Callable, raised: list[BaseException]) -> type:
    def pass_on(given: Any) -> Any:
        if isinstance(given, BaseException):
            raised.append(given)
            raise given
        return given

    class ImageClassifier:
        def __init__(self, model_name="resnet50", device="auto"):
            pass_on(make(model_name, device))
            self.device = torch.device("cpu")

        def predict(self, path, top_k=5):
            return pass_on(ask(str(path), top_k))

    return ImageClassifier


@contextlib.contextmanager
def _replace_classifier(main: Callable, scripted: type) -> Iterator[None]:
    """Put the scripted class where `main` looks for its own."""
    namespace = getattr(inspect.unwrap(main), "__globals__", None)
    if namespace is None:
        namespace = vars(sys.modules["__main__"])
    missing = object()
    before = namespace.get("ImageClassifier", missing)
    namespace["ImageClassifier"] = scripted
    try:
        yield
    finally:
        if before is missing:
            namespace.pop("ImageClassifier", None)
        else:
            namespace["ImageClassifier"] = before


@contextlib.contextmanager
def _replace_argv() -> Iterator[None]:
    before = sys.argv
    sys.argv = list(ARGV_OF_THIS_PROCESS)
    try:
        yield
    finally:
        sys.argv = before
