"""Checks that must fail: if one passes, the process that ran the student's code was tampered with."""

import ast

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.judge.template import Template, is_hidden

ALWAYS_WRONG = (
    "assert False",
    "assert [0.25] == [0.75], 'not equal'",
    "import torch\ntorch.testing.assert_close(torch.tensor([0.5]), torch.tensor([0.6]))",
    "from helpers.checks.report import checking\n"
    "with checking({exercise!r}, 'a wrong answer is told') as check:\n"
    "    check.expect(False, 'raised_error', got='a wrong answer', expected='another')",
)


def make_canaries(template: Template) -> dict[str, list[str]]:
    """Return the canaries of each exercise: sources that must end in an error.

    The last one is the exercise's own visible check on its empty stub, where the stub defines a function
    or a class; an answer that is a value could still be there from the student's own cell.
    """
    return {exercise: _list_canaries(template, exercise) for exercise in dict.fromkeys(template.exercises.values())}


def _list_canaries(template: Template, exercise: str) -> list[str]:
    general = [source.replace("{exercise!r}", repr(exercise)) for source in ALWAYS_WRONG[: 4 if exercise else 3]]
    stub = template.cells[exercise].source if exercise else ""
    checks = [template.cells[grade_id] for grade_id, of in template.exercises.items() if of == exercise]
    visible = next((cell.source for cell in checks if _is_visible_check(cell)), "")
    return [*general, f"{stub}\n{visible}"] if visible and _only_defines(stub) else general


def _is_visible_check(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and not utils.is_solution(cell) and not is_hidden(cell)


def _only_defines(source: str) -> bool:
    """Return whether a stub consists of functions and classes alone, so that running it takes an answer away."""
    body = ast.parse(source).body
    defining = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return any(isinstance(node, defining[:2]) for node in body) and all(isinstance(node, defining) for node in body)
