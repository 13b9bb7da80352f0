"""Checks of notebook 07: a `main` that turns every error of its users into one line and exit code 2."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from helpers.checks.app.main import DEFAULTS, expect_asked
from helpers.checks.app.runs import Outcome, Script, run_main
from helpers.checks.report import Check, checking
from helpers.images import ImageError
from helpers.line.kinds import Raised, name_class
from helpers.models.fetching import MissingWeightsError

_RESULT = {"class": "tabby", "probability": 0.5, "class_id": 281}
_TYPES = {
    "photo": ImageError,
    "model": ValueError,
    "device": ValueError,
    "top_k": ValueError,
    "weights": MissingWeightsError,
    "memory": torch.OutOfMemoryError,
}
_ALL_IS_WELL: list[tuple[list[str], dict[str, object]]] = [
    (["cat.jpg"], {"photo": "cat.jpg"}),
    (
        ["--top-k", "3", "--device", "cpu", "a.png", "--model", "resnet18"],
        {"photo": "a.png", "model": "resnet18", "device": "cpu", "top_k": 3},
    ),
]
_WHEN_ASKED = ("photo", "top_k", "memory")


@dataclass(frozen=True)
class UserError:
    """Something a user can cause.

    kind: "photo", "model", "device", "top_k", "weights" or "memory". argv: what the user typed. message: what
    `ImageClassifier` says, perhaps in several lines. words: what the one line must tell.
    """

    kind: str
    argv: Sequence[str]
    message: str
    words: Sequence[str]


def check_handle_errors(main: Callable, *, errors: Sequence[UserError]) -> None:
    """Check that each error gives exit code 2 and one line on stderr; a run without an error must work as before."""
    with checking("handle_errors", "one line on stderr and exit code 2") as check:
        for error in errors:
            with check.probe(f"main({list(error.argv)})"):
                _check_error(check, main, error)
        for argv, given in _ALL_IS_WELL:
            with check.probe(f"main({argv}), where all is well"):
                outcome = run_main(check, main, argv, Script([_RESULT]))
                succeeded = outcome.error is None and outcome.exit_code == 0 and "tabby" in outcome.stdout
                if not succeeded or not outcome.asked.photos:
                    got = f"exit code {outcome.exit_code}, {outcome.stdout.strip() or 'nothing printed'}"
                    check.stop("success_lost", got=got, expected="the results and exit code 0")
                for name, value in (DEFAULTS | given).items():
                    expect_asked(check, outcome, name, value)


def check_handle_errors_bugs(main: Callable, *, error: UserError, bugs: Sequence[BaseException]) -> None:
    """Check that `error` is reported, and that each of `bugs`, which no user can cause, comes out as it is."""
    with checking("handle_errors", "a user's error is reported, a bug comes out") as check:
        with check.probe(f"main({list(error.argv)})"):
            _check_error(check, main, error)
        for bug in map(_give_text, bugs):
            with check.probe(f"a bug in the program: {type(bug).__name__}"):
                outcome = run_main(check, main, ["cat.jpg"], Script(error_when_asked=bug))
                got = f"exit code {outcome.exit_code}, {outcome.stderr.strip() or 'nothing on stderr'}"
                expected = f"{type(bug).__name__} comes out"
                check.expect(_is_same(outcome.error, bug), "bug_swallowed", got=got, expected=expected)


def _give_text(bug: BaseException) -> BaseException:
    """Return the bug; one without a text gets a text of its own, by which it is known when it comes out."""
    return bug if str(bug) else type(bug)("made up for a check")


def _is_same(error: Raised | None, bug: BaseException) -> bool:
    return error is not None and error.classes[0] == name_class(type(bug)) and error.text == str(bug)


def _check_error(check: Check, main: Callable, error: UserError) -> None:
    exception = _TYPES[error.kind](error.message)
    made, asked = (None, exception) if error.kind in _WHEN_ASKED else (exception, None)
    outcome = run_main(check, main, error.argv, Script([_RESULT], error_when_made=made, error_when_asked=asked))
    if outcome.error is not None or "Traceback" in outcome.stderr:
        name = outcome.error.name if outcome.error is not None else type(exception).__name__
        check.stop("traceback_shown", got=f"{name} came out", expected="one line and exit code 2")
    _expect_exit_code(check, outcome)
    _expect_one_line(check, outcome, error)


def _expect_exit_code(check: Check, outcome: Outcome) -> None:
    if outcome.exit_code != 2:
        cause = "wrong_exit_code" if outcome.exit_code else "exit_code_zero"
        check.fail(cause, got=f"exit code {outcome.exit_code}", expected="exit code 2")


def _expect_one_line(check: Check, outcome: Outcome, error: UserError) -> None:
    lines = _list_lines(outcome.stderr)
    if not lines:
        told = any(word in outcome.stdout for word in error.words)
        cause = "error_on_stdout" if told else "error_not_explained"
        check.stop(cause, got="nothing on stderr", expected="one line on stderr")
    check.expect(len(lines) == 1, "error_in_many_lines", got=f"{len(lines)} lines on stderr", expected="one line")
    missing = [word for word in error.words if word not in outcome.stderr]
    if missing:
        check.fail("error_not_explained", got=lines[0], expected=f"a line that tells {', '.join(missing)}")


def _list_lines(stderr: str) -> list[str]:
    """Return the lines that are not empty, without the usage that argparse's own errors begin with."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    if lines and lines[0].startswith("usage:"):
        lines = [line for line in lines if ": error: " in line]
    return lines
