"""No answer is one import away: every public helper, bare or in a one-line adapter, fails every exercise.

And the other way round: a solution alone passes its checks with nothing but the locked set-up cells, so
no check depends on a cell that students may change.
"""

import ast
import contextlib
import functools
import importlib
import inspect
import io
import pkgutil
import socket

import pytest

import helpers
from helpers import images, models
from helpers.checks import report
from helpers.exercises import EXERCISES
from tests.support.notebook_cells import SOLUTION, collect_setup, find_solution, list_checks, read_cells

ADAPTERS = {
    "bare": lambda helper: helper,
    "positional": lambda helper: lambda *args, **kwargs: helper(*args),
    "first argument": lambda helper: lambda *args, **kwargs: helper(args[0]),
    "last argument": lambda helper: lambda *args, **kwargs: helper(args[-1]),
    "first two": lambda helper: lambda *args, **kwargs: helper(*args[:2]),
    "swapped": lambda helper: lambda *args, **kwargs: helper(*args[::-1]),
    "all as list": lambda helper: lambda *args, **kwargs: list(helper(*args, **kwargs)),
    "each of the first": lambda helper: lambda *args, **kwargs: [helper(item) for item in args[0]],
}


PLAIN = ("bare", "positional")


def is_error(value):
    return inspect.isclass(value) and issubclass(value, BaseException)


def list_public_helpers():
    """Return every public function and class of helpers (without grading), and what a loaded model offers."""
    found = {}
    for module in pkgutil.walk_packages(helpers.__path__, "helpers."):
        if module.name.startswith("helpers.grading") or module.name.endswith(("hubconf", "line.frames")):
            continue  # frames reads and writes file descriptors, for any number that it is given
        namespace = vars(importlib.import_module(module.name))
        for name, value in namespace.items():
            own = getattr(value, "__module__", "").startswith("helpers.")
            if (
                own
                and not name.startswith("_")
                and (inspect.isfunction(value) or inspect.isclass(value))
                and not is_error(value)
            ):
                found[f"{value.__module__}.{name}"] = value
    classifier = models.load_classifier("efficientnet_lite0")
    found["classifier.preprocess"] = classifier.preprocess
    found["classifier.model"] = classifier.model
    found["classifier.labels"] = lambda *args: list(classifier.labels)
    found["opened photo"] = lambda path: (*images.open_image(path).size, images.open_image(path).mode)
    return found


HELPERS = list_public_helpers()


@pytest.fixture
def silent_checks(monkeypatch):
    monkeypatch.setenv("EXERCISE_PROGRESS", "off")
    monkeypatch.setattr(report, "display", lambda data, raw: None)


def make_namespace(exercise):
    namespace = {}
    exec(collect_setup(find_solution(exercise)), namespace)
    return namespace


class Called(Exception):
    """What a function raises that only notes how it is called."""


def note_call(*args, **kwargs):
    raise Called(args, kwargs)


def find_call(call):
    """Return the arguments that `call` gives to note_call; None if it ends otherwise."""
    try:
        call()
    except Called as called:
        return called.args
    except Exception:
        return None
    return None


@functools.cache
def find_answer_names(exercise):
    """Return what the solution defines and checks use: a function, a class, or several values."""
    before = make_namespace(exercise)
    after = dict(before)
    exec(solution_of(exercise), after)
    defined = {name for name in after if name != "__builtins__" and after[name] is not before.get(name)}
    used = {
        node.id
        for cell in list_checks(exercise.id)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Name)
    }
    return sorted(defined & used)


def give_answer(exercise, answer, namespace):
    """Return the namespace with `answer` in the place of the solution."""
    return namespace | dict.fromkeys(find_answer_names(exercise), answer)


def find_first_call(exercise, namespace):
    """Return the arguments of the first call that an exercise's checks make; None for an answer that is a value."""
    calls = []

    def answer(*args, **kwargs):
        calls.append((args, kwargs))
        raise RuntimeError("only noted")

    passes_all_checks(exercise.id, give_answer(exercise, answer, namespace))
    return calls[0] if calls else None


def can_take(helper, adapt, first_call):
    """Return whether a helper takes the arguments of the first call at all: one that does not, fails there."""
    call = first_call and find_call(lambda: adapt(note_call)(*first_call[0], **first_call[1]))
    if not call:
        return True
    try:
        inspect.signature(helper).bind(*call[0], **call[1])
    except TypeError:
        return False
    except ValueError:  # it does not tell
        return True
    return True


@functools.cache
def compile_checks(exercise_id):
    return [compile(cell.source, cell.id, "exec") for cell in list_checks(exercise_id)]


def passes_all_checks(exercise_id, namespace):
    """Run the exercise's graded cells as grading does; False at the first that fails."""
    for check in compile_checks(exercise_id):
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(check, dict(namespace))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return False
    return True


def solution_of(exercise):
    cells = read_cells(find_solution(exercise))
    source = next(cell.source for cell in cells if cell.id == exercise.id)
    assert SOLUTION.search(source)
    return source


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_the_solution_needs_only_locked_cells(exercise, silent_checks):
    namespace = make_namespace(exercise)
    first_call = find_first_call(exercise, namespace)
    exec(solution_of(exercise), namespace)
    assert passes_all_checks(exercise.id, namespace)
    names = find_answer_names(exercise)
    assert names
    assert not first_call or can_take(namespace[names[0]], ADAPTERS["bare"], first_call)  # it would not be passed over


@pytest.mark.parametrize(
    "chosen",
    [PLAIN, pytest.param(tuple(name for name in ADAPTERS if name not in PLAIN), marks=pytest.mark.thorough)],
    ids=["plain", "adapted"],
)
@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_no_helper_is_the_answer(exercise, chosen, silent_checks, tmp_path, monkeypatch):
    def refuse(*args):
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    namespace = make_namespace(exercise)
    first_call = find_first_call(exercise, namespace)
    for name, helper in HELPERS.items():
        if chosen != PLAIN and name.startswith("helpers.checks."):
            continue  # they take a function and plain data by keyword: to shuffle arguments says nothing new there
        for adapter in chosen:
            adapt = ADAPTERS[adapter]
            if not can_take(helper, adapt, first_call):
                continue
            answered = give_answer(exercise, adapt(helper), namespace)
            assert not passes_all_checks(exercise.id, answered), f"{name} ({adapter}) answers {exercise.id}"
