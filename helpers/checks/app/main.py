"""Checks of notebook 07: `main(argv)`, the command line of the app."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.checks.app.runs import Outcome, Script, run_main
from helpers.checks.app.scripted_run import ARGV_OF_THIS_PROCESS
from helpers.checks.report import Check, checking
from helpers.images import ImageError

DEFAULTS: dict[str, object] = {"model": "resnet50", "device": "auto", "top_k": 5}
_RESULT = {"class": "tabby", "probability": 0.5, "class_id": 281}


@dataclass(frozen=True)
class ProgramRun:
    """One run that must succeed: the words after the program's name, what the classifier knows, and the output."""

    argv: Sequence[str]
    results: Sequence[Mapping]
    inference_ms: float
    output: str


def check_main(main: Callable, *, runs: Sequence[ProgramRun]) -> None:
    """Check what `main(argv)` prints, and that it returns 0."""
    with checking("main", "the right lines, and exit code 0") as check:
        for run in runs:
            with check.probe(f"main({list(run.argv)})"):
                outcome = run_main(check, main, run.argv, Script(run.results, run.inference_ms))
                _expect_understood(check, outcome)
                if len(outcome.asked.models) > 1:
                    check.fail("model_loaded_again", got=f"{len(outcome.asked.models)} classifiers", expected="one")
                expect_asked(check, outcome, "photo", run.argv[0])
                if isinstance(outcome.asked.top_ks[-1], str):
                    check.stop("option_is_text", got=repr(outcome.asked.top_ks[-1]), expected="a whole number")
                _expect_lines(check, outcome, run.output)
                _expect_code(check, outcome, 0)


def check_main_options(main: Callable, *, cases: Sequence[tuple[Sequence[str], Mapping[str, object]]]) -> None:
    """Check that the photo and every option arrive; a case is argv, then what must arrive besides the defaults."""
    with checking("main", "every option reaches the classifier") as check:
        for argv, given in cases:
            with check.probe(f"main({list(argv)})"):
                outcome = run_main(check, main, argv, Script([_RESULT] * 9))
                _expect_understood(check, outcome)
                for name, value in (DEFAULTS | dict(given)).items():
                    expect_asked(check, outcome, name, value)


def check_main_errors(main: Callable, *, photo: str, reason: str) -> None:
    """Check a photo that cannot be opened for this reason: the error's message on stderr, exit code 2."""
    error = ImageError(f"{photo} {reason}")
    about = "a photo that cannot be opened gives a message and exit code 2"
    with checking("main", about) as check, check.probe(f"main({[photo]}), where the photo {reason}"):
        outcome = run_main(check, main, [photo], Script(error_when_asked=error))
        if outcome.error is not None:
            got = f"{outcome.error.name}({outcome.error.text!r})"
            check.stop("traceback_shown", got=got, expected="a message and exit code 2")
        _expect_understood(check, outcome)
        expect_asked(check, outcome, "photo", photo)
        _expect_code(check, outcome, 2)
        _expect_message(check, outcome, photo, reason)


def _expect_understood(check: Check, outcome: Outcome) -> None:
    """Stop if the program did not get as far as asking its classifier."""
    last = (outcome.stderr.strip() or "nothing on stderr").splitlines()[-1]
    if outcome.error is not None:
        check.stop("raised_error", got=str(outcome.error), expected="a run without an error")
    if not outcome.asked.photos and outcome.exit_code:
        check.stop("option_unknown", got=last, expected="the photo and the options are understood")
    if not outcome.asked.models or not outcome.asked.photos:
        check.stop("classifier_not_used", got=outcome.stdout, expected="ImageClassifier(...), then its predict(...)")


def expect_asked(check: Check, outcome: Outcome, name: str, value: object) -> None:
    """Fail unless `value` arrived as this "photo", "model", "device" or "top_k"; stop if main read other words."""
    asked = outcome.asked
    values: dict[str, list[Any]] = {"photo": asked.photos, "model": asked.models}
    values |= {"device": asked.devices, "top_k": asked.top_ks}
    found = values[name][-1]
    if found == value:
        return
    cause = "option_ignored" if found == DEFAULTS.get(name) else "wrong_option"
    if found == ARGV_OF_THIS_PROCESS[1]:
        check.stop("argv_ignored", got=f"{name}: {found!r}", expected=f"{name}: {value!r}")
    elif str(found) == str(value):
        cause = "option_is_text"
    elif value == DEFAULTS.get(name):
        cause = "wrong_default"
    check.fail(cause, got=f"{name}: {found!r}", expected=f"{name}: {value!r}")


def _expect_lines(check: Check, outcome: Outcome, output: str) -> None:
    """Fail unless the lines of `output` stand in a row in what was printed; spaces do not count."""
    printed, wanted = (["".join(line.split()) for line in text.splitlines()] for text in (outcome.stdout, output))
    printed, wanted = [line for line in printed if line], [line for line in wanted if line]
    if not printed:
        cause = "nothing_printed"
    elif wanted[0] not in printed:
        cause = "heading_differs"
    elif printed[printed.index(wanted[0]) :][: len(wanted)] != wanted:
        cause = "lines_differ"
    else:
        return
    check.fail(cause, got=outcome.stdout.strip() or "no line on stdout", expected=output.strip())


def _expect_code(check: Check, outcome: Outcome, code: int) -> None:
    if outcome.exit_code is None:
        check.fail("exit_code_missing", got=outcome.returned, expected=str(code))
    elif outcome.exit_code != code:
        cause = "exit_code_zero" if outcome.exit_code == 0 else "wrong_exit_code"
        check.fail(cause, got=outcome.exit_code, expected=str(code))


def _expect_message(check: Check, outcome: Outcome, photo: str, reason: str) -> None:
    """Fail unless stderr names the photo and the reason, and shows no traceback."""
    told, printed = (" ".join(text.split()) for text in (outcome.stderr, outcome.stdout))
    if "Traceback" in told:
        check.fail("traceback_shown", got=outcome.stderr.strip()[-80:], expected="a message for users")
    elif photo not in told or reason not in told:
        cause = "error_on_stdout" if photo in printed else "error_not_explained"
        check.fail(cause, got=told or "nothing on stderr", expected=f"a line that names {photo} and says what is wrong")
