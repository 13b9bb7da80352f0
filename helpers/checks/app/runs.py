"""Run a student's `main(argv)` with a scripted `ImageClassifier`, and see all that a user and a shell would see."""

import contextlib
import inspect
import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch

from helpers.checks.report import Check
from helpers.checks.values import as_integer

ARGV_OF_THIS_PROCESS = ["image_classifier.py", "a-photo-that-nobody-asked-for.jpg"]


@dataclass(frozen=True)
class Script:
    """What the scripted classifier does: its results and time, or an error when it is made or when it predicts."""

    results: Sequence[Mapping] = ()
    inference_ms: float = 1.0
    error_when_made: BaseException | None = None
    error_when_asked: BaseException | None = None


@dataclass
class Asked:
    """What reached the scripted classifier: models, devices, photos and numbers of results, in order."""

    models: list[object] = field(default_factory=list)
    devices: list[object] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    top_ks: list[object] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """One run of the program: what `main` returned, its exit code (None if that is no whole number), what it
    printed, and an error that came out."""

    returned: object
    exit_code: int | None
    stdout: str
    stderr: str
    error: BaseException | None
    asked: Asked


def run_main(check: Check, main: Callable, argv: Sequence[str], script: Script) -> Outcome:
    """Run `main(argv)`; end the probe if it is still an empty stub."""
    asked, out, err = Asked(), io.StringIO(), io.StringIO()
    value, raised = None, None
    with (
        _replace_classifier(main, _make_class(script, asked)),
        _replace_argv(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            value = main(list(argv))
        except SystemExit as stop:
            value, text = (1, f"{stop.code}\n") if isinstance(stop.code, str) else (stop.code or 0, "")
            err.write(text)
        except BaseException as error:
            raised = error
    check.stop_at_stub(raised)
    if isinstance(raised, KeyboardInterrupt) and raised is not script.error_when_asked:
        raise raised
    code = int(value) if isinstance(value, bool) else as_integer(value)
    return Outcome(value, code, out.getvalue(), err.getvalue(), raised, asked)


def _make_class(script: Script, asked: Asked) -> type:
    class ImageClassifier:
        def __init__(self, model_name="resnet50", device="auto"):
            asked.models.append(model_name)
            asked.devices.append(device)
            if script.error_when_made:
                raise script.error_when_made
            self.device = torch.device("cpu")

        def predict(self, path, top_k=5):
            asked.photos.append(str(path))
            asked.top_ks.append(top_k)
            if script.error_when_asked:
                raise script.error_when_asked
            count = top_k if isinstance(top_k, int) else len(script.results)
            return [dict(result) for result in script.results][:count], script.inference_ms

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
