"""Judge one exercise of a notebook again from what was asked before, without running an answer."""

from collections.abc import Mapping
from dataclasses import replace

from nbformat import NotebookNode

from helpers.grading.answering.cell_result import COMPLETED, CellResult
from helpers.grading.judge.checks import make_namespace
from helpers.grading.judge.execution import judge_stub, make_lost_error
from helpers.grading.judge.replay import ReplayLine, judge_again
from helpers.grading.judge.scoring import judge_check
from helpers.grading.judge.template import Template
from helpers.grading.judge.transcript import Transcript
from helpers.grading.records import GRADED, IN_PART, CellRecord, NotebookRecord
from helpers.line.kinds import NotLive


def list_checks(template: Template, exercise: str) -> list[str]:
    """Return the grade ids of an exercise's checks, in order."""
    names = [name for name, of in template.exercises.items() if of == exercise]
    return [name for name in names if template.cells[name].cell_type == "code"]


def judge_notebook_again(
    record: NotebookRecord,
    executed: NotebookNode,
    transcripts: Mapping[str, Transcript],
    template: Template,
    exercise: str,
) -> NotebookRecord | None:
    """Return the record with new points for one exercise, and put its checks' outputs into the executed notebook.

    None if what was kept is not enough: the answers have to be run and asked again.
    """
    if record.status not in (GRADED, IN_PART):
        return None
    results = {}
    for name in list_checks(template, exercise):
        result = _judge(name, transcripts, template, is_stub=exercise in record.unanswered)
        if result is None:
            return None
        results[name] = result
    cells = {cell.grade_id: cell for cell in record.cells}
    if not set(results) <= set(cells):
        return None
    for cell in executed.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in results:
            cell.source, cell.outputs = template.cells[name].source, results[name].outputs
    changed = {name: _score(cells[name], template, result) for name, result in results.items()}
    return replace(record, cells=tuple(changed.get(cell.grade_id, cell) for cell in record.cells))


def _judge(name: str, transcripts: Mapping[str, Transcript], template: Template, *, is_stub: bool) -> CellResult | None:
    namespace, source = make_namespace(template), template.cells[name].source
    if name not in transcripts:
        return judge_stub(template, name, namespace) if is_stub else None
    try:
        result = judge_again(source, namespace, ReplayLine(transcripts[name]))
    except NotLive:
        return None
    if result.state != COMPLETED:
        result.outputs.append(make_lost_error(result))
    return result


def _score(cell: CellRecord, template: Template, result: CellResult) -> CellRecord:
    verdict = judge_check(template.cells[cell.grade_id], result)
    most = template.points[cell.grade_id]
    return replace(cell, points=verdict.points, max_points=most, causes=verdict.causes)
