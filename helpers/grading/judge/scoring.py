"""Points of one graded cell, from what came out of it. Errors win over everything else."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.answering.cell_result import COMPLETED, CellResult
from helpers.grading.judge.template import needs_report
from helpers.grading.notebooks.check_reports import list_causes, read_reports


@dataclass(frozen=True)
class Verdict:
    """What a check is worth, and why not more."""

    points: float
    passed: bool
    causes: tuple[str, ...] = ()


def judge_check(cell: NotebookNode, result: CellResult) -> Verdict:
    """Return the verdict on a check cell, a code cell of the template whose run gave `result`."""
    reports = read_reports(result.outputs)
    causes = list_causes(reports)
    failed = result.state != COMPLETED or not result.ok or any(map(_is_error, result.outputs))
    if failed or not _reported_success(cell, reports):
        return Verdict(0.0, False, causes)
    points, most = _grade_outputs(cell, result.outputs)
    return Verdict(points, points == most, causes)


def _grade_outputs(cell: NotebookNode, outputs: list[NotebookNode]) -> tuple[float, float]:
    """Return points and most points as nbgrader does: a check that ends in a value may give a part of its points.

    In all other checks a value can only come from student code, and counts for nothing.
    """
    most = float(cell.metadata.nbgrader.points)
    statements = ast.parse(cell.source).body
    if needs_report(cell.source) or not statements or not isinstance(statements[-1], ast.Expr):
        return most, most
    try:
        points, _ = utils.determine_grade(NotebookNode(cell | {"outputs": outputs}))
    except (ValueError, TypeError):  # more than there are, or not a number
        return 0.0, most
    return float(points), most


def _reported_success(cell: NotebookNode, reports: list[Mapping]) -> bool:
    if not needs_report(cell.source):
        return True
    return bool(reports) and all(report.get("passed") is True and not report.get("failures") for report in reports)


def _is_error(output: NotebookNode) -> bool:
    return output.output_type == "error"
