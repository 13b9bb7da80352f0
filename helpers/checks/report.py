"""Collect every failure of a check, show them to the student, and leave them in the cell's output as data."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn

from IPython.display import display

from helpers.checks.causes import CAUSES
from helpers.checks.describe import describe
from helpers.checks.output import CHECK_MIME_TYPE, wrap_text
from helpers.checks.progress import Progress, record_result
from helpers.line import asking
from helpers.line.folders import FolderCall, call_in_folder, read_folder_call
from helpers.line.guard import keep_global_state, seed_everything, send_stderr_to_stdout
from helpers.line.kinds import Raised

MAX_FAILURES_SHOWN = 4
Show = Callable[[dict[str, Any]], None]


def _show_in_notebook(data: dict[str, Any]) -> None:
    display(data, raw=True)


show: ContextVar[Show] = ContextVar("show", default=_show_in_notebook)  # what a result is shown with, by MIME type


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
        self._where, before = where, len(self.failures)
        seed_everything()
        try:
            yield
        except _ProbeStopped:
            if len(self.failures) == before:
                self.fail("cannot_compare", got="a stop without a failure", expected="a usual result")
        except Exception as error:
            self.fail("cannot_compare", got=f"{type(error).__name__}: {error}", expected="a usual result")

    def call(self, function: Callable, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function; an exception becomes a failure and ends the probe."""
        return self.call_or("raised_error", function, *args, **kwargs)

    def call_or(self, cause: str, function: Callable, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function; an exception becomes a failure named `cause` and ends the probe."""
        result, error = self.attempt(function, *args, **kwargs)
        return self.stop_for_error(cause, error) if error else result

    def attempt(self, function: Callable, *args: Any, **kwargs: Any) -> tuple[Any, Raised | None]:
        """Call the student's function and return (result, None) or (None, its exception); the stub ends the probe."""
        return self.ask(asking.call, function, args=args, kwargs=kwargs)

    def ask(self, observer: asking.Observer, answer: Any, **inputs: Any) -> tuple[Any, Raised | None]:
        """Have `observer` call the answer, here or where it runs; return what it tells, or the exception that came.

        Both are plain data (helpers.line). An empty stub ends the probe.
        """
        happened = asking.ask(observer, answer, **inputs)
        self.stop_at_stub(happened.error)
        return happened.value, happened.error

    def ask_or(self, cause: str, observer: asking.Observer, answer: Any, **inputs: Any) -> Any:
        """Have `observer` call the answer; an exception becomes a failure named `cause` and ends the probe."""
        value, error = self.ask(observer, answer, **inputs)
        return self.stop_for_error(cause, error) if error else value

    def ask_with_files(self, answer: Any, *args: Any, files: Mapping[str, bytes], **kwargs: Any) -> FolderCall:
        """Call the answer while these files lie in its folder; among the arguments, InFolder stands for their paths."""
        value, error = self.ask(call_in_folder, answer, args=args, kwargs=kwargs, files=files)
        if error is not None:
            self.stop_for_error("raised_error", error)
        came = read_folder_call(value)
        self.stop_at_stub(came.error)
        return came

    def call_with_files(self, answer: Any, *args: Any, files: Mapping[str, bytes], **kwargs: Any) -> Any:
        """The same, and return the result; an exception becomes a failure and ends the probe."""
        came = self.ask_with_files(answer, *args, files=files, **kwargs)
        return self.stop_for_error("raised_error", came.error) if came.error else came.value

    def read(self, answer: Any) -> Any:
        """Return an answer that is a value, as plain data."""
        return self.ask(asking.read, answer)[0]

    def stop_for_error(self, cause: str, error: Raised) -> NoReturn:
        """Note the exception that came out of the answer, and end the probe."""
        self.stop(cause, got=str(error), expected="a result, no error")

    def stop_at_stub(self, error: Raised | None) -> None:
        """End the probe if this is the empty stub's error, which has no message; torch's own always has one."""
        if error is not None and error.bare and error.is_a(NotImplementedError):
            self.stop("not_answered", got="NotImplementedError", expected="your answer")

    def fail(self, cause: str, *, got: Any, expected: Any, other_cause: str | None = None) -> None:
        """Note a failure and go on. `got` and `expected` are sentences, or values to be described."""
        texts = [value if isinstance(value, str) else describe(value) for value in (got, expected)]
        assert cause in CAUSES and (other_cause is None or other_cause in CAUSES), (cause, other_cause)
        self.failures.append(Failure(self._where, texts[0][:400], texts[1][:400], cause, other_cause))

    def stop(self, cause: str, *, got: Any, expected: Any, other_cause: str | None = None) -> NoReturn:
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
    with send_stderr_to_stdout(), keep_global_state():
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
    show.get()({"text/plain": format_result(check, progress), CHECK_MIME_TYPE: data})


def format_result(check: Check, progress: Progress) -> str:
    """Return what the student reads: praise, or each failure with its usual cause and the next step."""
    if not check.failures:
        return f"✔ {check.exercise}: {check.behaviour}.\nProgress: {progress}."
    lines = [f"✘ {check.exercise}: not yet ({check.behaviour})."]
    for failure in check.failures[:MAX_FAILURES_SHOWN]:
        lines += ["", *format_failure(failure)]
    if len(check.failures) > MAX_FAILURES_SHOWN:
        lines += ["", f"... and {len(check.failures) - MAX_FAILURES_SHOWN} more of the kind."]
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
