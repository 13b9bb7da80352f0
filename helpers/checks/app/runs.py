"""Run a student's `main(argv)` with a scripted `ImageClassifier`, and see all that a user and a shell would see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpers.checks.app.scripted_run import run_scripted
from helpers.checks.report import Check
from helpers.checks.values import as_integer
from helpers.line.callbacks import Callback
from helpers.line.kinds import Raised


@dataclass(frozen=True)
class Script:
    """What the scripted classifier does: its results and time, or an error when it is made or when it predicts."""

    results: Sequence[Mapping] = ()
    inference_ms: float = 1.0
    error_when_made: BaseException | None = None
    error_when_asked: BaseException | None = None


class Asked:
    """Acts a script, and notes what reached it: models, devices, photos and numbers of results, in order."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.models: list[object] = []
        self.devices: list[object] = []
        self.photos: list[str] = []
        self.top_ks: list[object] = []

    def make(self, model_name: object, device: object) -> BaseException | None:
        """Note that a classifier is made; give the error that is to be raised there."""
        self.models.append(model_name)
        self.devices.append(device)
        return self._script.error_when_made

    def ask(self, path: str, top_k: object) -> BaseException | tuple[list[dict], float]:
        """Note that a classifier is asked; give results and time, or the error that is to be raised there."""
        self.photos.append(path)
        self.top_ks.append(top_k)
        count = top_k if isinstance(top_k, int) else len(self._script.results)
        results = [dict(result) for result in self._script.results][:count]
        return self._script.error_when_asked or (results, self._script.inference_ms)


@dataclass(frozen=True)
class Outcome:
    """One run of the program: what `main` returned, its exit code (None if that is no whole number), what it
    printed, and an error that came out."""

    returned: object
    exit_code: int | None
    stdout: str
    stderr: str
    error: Raised | None
    asked: Asked = field(repr=False)


def run_main(check: Check, main: Callable, argv: Sequence[str], script: Script) -> Outcome:
    """Run `main(argv)`; end the probe if it is still an empty stub."""
    asked = Asked(script)
    options = {"argv": list(argv), "make": Callback(asked.make), "ask": Callback(asked.ask)}
    outcome = _read_outcome(check.ask_or("raised_error", run_scripted, main, **options), asked)
    check.stop_at_stub(outcome.error)
    return outcome


def _read_outcome(value: Any, asked: Asked) -> Outcome:
    """Return what `run_scripted` told. Raises an error if it told something else."""
    returned, error = value["returned"], value["error"]
    code = int(returned) if isinstance(returned, bool) else as_integer(returned)
    error = error if isinstance(error, Raised) else None
    return Outcome(returned, code, str(value["stdout"]), str(value["stderr"]), error, asked)
