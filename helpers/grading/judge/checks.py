"""Run a check cell on the judging side: the student's names stand there for answers that are asked over the line."""

import ast
import builtins
import contextlib
import io
import os
import signal
import symtable
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import torch
from nbformat import NotebookNode

from helpers.checks.report import show
from helpers.grading.answering.cell_result import TIMED_OUT, CellResult, make_output
from helpers.grading.judge.plan import list_bound_names, list_global_names, list_set_up
from helpers.grading.judge.template import Template
from helpers.line.guard import keep_global_state
from helpers.line.kinds import AnswerLost, NotBound

MAX_JUDGING_S = 30.0  # processor time that comparing may take, whatever an answer has sent
_set_up: dict[tuple[str, ...], dict[str, Any]] = {}
_scratch: list[tempfile.TemporaryDirectory] = []


def make_namespace(template: Template) -> dict[str, Any]:
    """Return a namespace in which the set-up cells of this notebook have run: once, before workers are forked."""
    sources = tuple(list_set_up(template))
    if sources not in _set_up:
        torch.set_num_threads(1)
        namespace: dict[str, Any] = {"__name__": "__main__"}
        with _as_grader(), keep_global_state(), contextlib.redirect_stdout(io.StringIO()):
            for source in sources:
                exec(compile(source, "<set-up>", "exec"), namespace)
        _set_up[sources] = namespace
    return dict(_set_up[sources])


def list_answer_names(source: str, namespace: Mapping[str, Any]) -> list[str]:
    """Return the names that a check cell takes from the student's notebook."""
    return sorted(_list_foreign_names(source) - namespace.keys())


@lru_cache(maxsize=1_000)
def _list_foreign_names(source: str) -> frozenset[str]:
    """Return the names that a check cell uses and does not define, without Python's own."""
    used = list_global_names(symtable.symtable(source, "<check>", "exec"))
    return frozenset(used - list_bound_names(source) - set(dir(builtins)))


def run_check(source: str, namespace: Mapping[str, Any], answers: Mapping[str, Any]) -> CellResult:
    """Run a check cell with these answers, and return what it showed and raised."""
    result, printed, names = CellResult(), io.StringIO(), {**namespace, **answers}
    token = show.set(lambda data: result.outputs.append(make_output("display_data", data=data, metadata={})))
    try:
        with _set_apart(), contextlib.redirect_stdout(printed):
            value = _execute(source, names)
        result.ok = True
        if value is not None:
            data = {"text/plain": repr(value)}
            result.outputs.append(make_output("execute_result", data=data, metadata={}, execution_count=None))
    except AnswerLost as lost:
        result.state = lost.state
    except NotBound as missing:
        result.outputs.append(make_error("NameError", str(missing)))
    except Exception as error:
        result.outputs.append(make_error(type(error).__name__, str(error)))
    finally:
        show.reset(token)
    if printed.getvalue():
        result.outputs.insert(0, make_output("stream", name="stdout", text=printed.getvalue()))
    return result


def _execute(source: str, names: dict[str, Any]) -> Any:
    """Execute a cell's statements; return the value of the last one, if that is an expression."""
    statements, last = _compile(source)
    exec(statements, names)
    return eval(last, names) if last else None


@lru_cache(maxsize=1_000)
def _compile(source: str) -> tuple[CodeType, CodeType | None]:
    """Return the code of a check cell's statements, and of the expression at its end, if there is one."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    statements = compile(ast.Module(body, []), "<check>", "exec")
    return statements, compile(ast.Expression(last.value), "<check>", "eval") if isinstance(last, ast.Expr) else None


@contextlib.contextmanager
def _as_grader() -> Iterator[None]:
    """Let helpers know that this is for grading, as they do beside the answers."""
    before = os.environ.get("NBGRADER_EXECUTION")
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    try:
        yield
    finally:
        del os.environ["NBGRADER_EXECUTION"]
        if before is not None:
            os.environ["NBGRADER_EXECUTION"] = before


@contextlib.contextmanager
def _set_apart() -> Iterator[None]:
    """Give a check an empty folder and the same random numbers each time, so that its questions are the same."""
    with _as_grader(), keep_global_state(), contextlib.chdir(_find_scratch_folder()):
        yield


def _find_scratch_folder() -> Path:
    """Return an empty folder: the last one, if no check has left anything in it."""
    if not _scratch or not Path(_scratch[-1].name).is_dir() or os.listdir(_scratch[-1].name):
        _scratch[:] = [tempfile.TemporaryDirectory(ignore_cleanup_errors=True)]
    return Path(_scratch[-1].name)


@contextlib.contextmanager
def limit_judging() -> Iterator[None]:
    """End a check with AnswerLost when reading and comparing what came has used up its processor time."""

    def stop(*_: object) -> None:
        raise AnswerLost(TIMED_OUT)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MAX_JUDGING_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def make_error(name: str, message: str) -> NotebookNode:
    """Return an error output, for what a cell could not say itself."""
    return make_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
