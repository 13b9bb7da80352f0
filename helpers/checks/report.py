"""Collect every failure of a check, show them to the student, and leave them in the cell's output as data."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from IPython.display import display

from helpers.checks.causes import CAUSES
from helpers.checks.describe import describe
from helpers.checks.guard import keep_global_state, send_stderr_to_stdout
from helpers.checks.output import CHECK_MIME_TYPE, wrap_text
from helpers.checks.plain import as_plain
from helpers.checks.progress import Progress, record_result

MOST_FAILURES_SHOWN = 4


@dataclass(frozen=True)
class Failure:
    """One thing that was not as expected: where, what came, what was expected, and the usual cause."""

    where: str
    got: str
    expected: str
    cause: str
    other_cause: str | None = None


class CheckFailed(AssertionError):
    """Raised at the end of a check that found a failure; the details have been shown above it."""

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self}"]


class _ProbeStopped(Exception):
    """Ends one probe early; its failure is already noted."""


@dataclass
class Check:
    """Collects the failures of one check of one exercise."""

    exercise: str
    behaviour: str
    failures: list[Failure] = field(default_factory=list)
    _where: str = ""

    @contextlib.contextmanager
    def probe(self, where: str) -> Iterator[None]:
        """Try one input. A failure that stops this probe does not stop the ones after it."""
        self._where = where
        with keep_global_state():
            try:
                yield
            except _ProbeStopped:
                pass
            except Exception as error:
                self.fail("cannot_compare", got=f"{type(error).__name__}: {error}", expected="a usual result")

    def call(self, function: Callable, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function; an exception becomes a failure and ends the probe."""
        return self.call_or("raised_error", function, *args, **kwargs)

    def call_or(self, cause: str, function: Callable, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function; an exception becomes a failure named `cause` and ends the probe."""
        result, error = self.attempt(function, *args, **kwargs)
        if error is not None:
            self.stop(cause, got=f"{type(error).__name__}: {error}", expected="a result, no error")
        return result

    def attempt(self, function: Callable, *args: Any, **kwargs: Any) -> tuple[Any, BaseException | None]:
        """Call the student's function and return (result, None) or (None, its exception); the stub ends the probe."""
        try:
            return as_plain(function(*args, **kwargs)), None
        except (Exception, SystemExit) as error:
            self.stop_at_stub(error)
            return None, error

    def stop_at_stub(self, error: BaseException | None) -> None:
        """End the probe if this is the empty stub's error, which has no message; torch's own always has one."""
        if isinstance(error, NotImplementedError) and not error.args:
            self.stop("not_answered", got="NotImplementedError", expected="your answer")

    def fail(self, cause: str, *, got: Any, expected: Any, other_cause: str | None = None) -> None:
        """Note a failure and go on. `got` and `expected` are sentences, or values to be described."""
        texts = [value if isinstance(value, str) else describe(value) for value in (got, expected)]
        assert cause in CAUSES and (other_cause is None or other_cause in CAUSES), (cause, other_cause)
        self.failures.append(Failure(self._where, texts[0][:400], texts[1][:400], cause, other_cause))

    def stop(self, cause: str, *, got: Any, expected: Any, other_cause: str | None = None) -> None:
        """Note a failure and end this probe."""
        self.fail(cause, got=got, expected=expected, other_cause=other_cause)
        raise _ProbeStopped

    def expect(self, condition: bool, cause: str, *, got: Any, expected: Any) -> None:
        """Note a failure unless `condition` holds, and go on."""
        if not condition:
            self.fail(cause, got=got, expected=expected)


@contextlib.contextmanager
def checking(exercise: str, behaviour: str) -> Iterator[Check]:
    """Collect failures inside the block; then show them, and raise CheckFailed if there are any.

    `behaviour` ends the sentence "exercise: ..." that praises a right answer, for example
    "one label a line, in the order of the file".
    """
    check = Check(exercise, behaviour)
    with send_stderr_to_stdout():
        yield check
    progress = record_result(exercise, behaviour, passed=not check.failures)
    show_result(check, progress)
    if check.failures:
        number = len(check.failures)
        raise CheckFailed(f"{exercise}: {number} problem{'s' * (number > 1)} found, explained above.")


def show_result(check: Check, progress: Progress) -> None:
    """Display the readable text, and beside it the same as data for reports."""
    data = {
        "exercise": check.exercise,
        "behaviour": check.behaviour,
        "passed": not check.failures,
        "failures": [asdict(failure) for failure in check.failures],
        "progress": asdict(progress),
    }
    display({"text/plain": format_result(check, progress), CHECK_MIME_TYPE: data}, raw=True)


def format_result(check: Check, progress: Progress) -> str:
    """Return what the student reads: praise, or each failure with its usual cause and the next step."""
    if not check.failures:
        return f"✔ {check.exercise}: {check.behaviour}.\nProgress: {progress}."
    lines = [f"✘ {check.exercise}: not yet ({check.behaviour})."]
    for failure in check.failures[:MOST_FAILURES_SHOWN]:
        lines += ["", *format_failure(failure)]
    if len(check.failures) > MOST_FAILURES_SHOWN:
        lines += ["", f"... and {len(check.failures) - MOST_FAILURES_SHOWN} more of the kind."]
    return "\n".join([*lines, "", f"Progress: {progress}."])


def format_failure(failure: Failure) -> list[str]:
    """Return the lines that explain one failure, none longer than a notebook is wide."""
    rows = {
        "what came:": failure.got,
        "expected:": failure.expected,
        "why:": f"{CAUSES[failure.cause]} ({failure.cause})",
    }
    if failure.other_cause:
        rows["or:"] = f"{CAUSES[failure.other_cause]} ({failure.other_cause})"
    lines = [wrap_text(f"    {name:12}{text}", indent=16) for name, text in rows.items()]
    return [f"  {failure.where}", *lines]
