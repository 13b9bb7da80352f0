"""Grade one notebook: restore it, have its answers run and asked, and make its record and the executed notebook."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import utils

from helpers.grading.answering.cell_result import COMPLETED
from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.judge.checks import make_error
from helpers.grading.judge.execution import (
    CELL_S,
    KERNEL_DIED,
    NotebookRun,
    asks_something,
    judge_checks,
    list_groups,
    run_cells,
)
from helpers.grading.judge.plan import CHECK, make_plan
from helpers.grading.judge.restore import hash_answer, restore_notebook
from helpers.grading.judge.scoring import Verdict, judge_check
from helpers.grading.judge.template import Template, is_hidden
from helpers.grading.records import GRADED, IN_PART, TAMPERED, CellRecord, NotebookRecord

LEFT_OUT = """\
*Given cells that no point depends on were not run again when this notebook was graded. Below them stands what they
showed when it was handed in.*"""


@dataclass(frozen=True)
class GradedNotebook:
    """A notebook's record, the executed notebook, and what was asked of its answers, packed."""

    record: NotebookRecord
    executed: NotebookNode
    questions: bytes


def grade_notebook(
    submitted: Mapping,
    template: Template,
    server: ForkServer,
    *,
    work: str,
    cell_s: float = CELL_S,
    deadline: float = math.inf,
    every_cell: bool = False,
) -> GradedNotebook:
    """Restore, run and judge a notebook that was handed in.

    It may run until `deadline`, on the monotonic clock, and no longer than NOTEBOOK_S. With `every_cell`, given
    cells run as well.
    """
    restored, started = restore_notebook(submitted, template), time.monotonic()
    plan = make_plan(restored.notebook, template, every_cell=every_cell)
    run = NotebookRun(restored, template, plan, server, work, deadline, cell_s)
    execute(run)
    if _misses_something(run):  # perhaps what a cell that was left out does
        run = NotebookRun(restored, template, plan.with_all_given(), server, work, deadline, cell_s)
        execute(run)
    if run.limit and run.stopped:
        run.stopped = f"{run.stopped} It used more than the allowed {run.limit}."
    record = _make_record(run, wall_s=time.monotonic() - started)
    return GradedNotebook(record, _add_outputs(run), run.questions.finish())


def execute(run: NotebookRun) -> None:
    """Run the plan's cells, then judge the checks, with the snapshots that were taken at their places.

    Where nothing is to run, all answers are stubs, of which everything is known.
    """
    if not run.plan.run:
        judge_checks(run)
        return
    snapshots = sum(asks_something(run, group) for group in list_groups(run))
    with run.open_session(snapshots=snapshots) as session:
        run.start_clock()
        run_cells(run, session)
        if not _misses_something(run):
            session.end_main()
            judge_checks(run)


def _misses_something(run: NotebookRun) -> bool:
    """Return whether a cell failed while others were left out.

    Empty stubs and mistakes in grammar do not count, nor does a cell that did not end: it would take its time again.
    """
    if not run.plan.left_out():
        return False
    released = run.template.released_sources
    written = [cell for cell in run.cells if cell.id in run.plan.run and cell.source != released.get(cell.id)]
    ended = [run.results[cell.id] for cell in written if cell.id in run.results]
    outputs = [output for result in ended if result.state == COMPLETED for output in result.outputs]
    return any(output.get("ename", "SyntaxError") not in ("SyntaxError", "IndentationError") for output in outputs)


def _make_record(run: NotebookRun, *, wall_s: float) -> NotebookRecord:
    cells = tuple(_make_cell_record(run, grade_id) for grade_id in run.template.exercises)
    not_run = [cell.grade_id for cell in cells if not cell.ran]
    reasons = [*dict.fromkeys(run.forged), *run.restored.changes]
    status = TAMPERED if reasons else IN_PART if not_run or run.stopped else GRADED
    if status == IN_PART or not_run:
        lost = f"Not run: {', '.join(not_run)}." if not_run else "All checks had run before."
        reasons.append(f"{run.stopped or 'A check did not end.'} {lost}")
    return NotebookRecord(
        run.template.name,
        status,
        tuple(reasons),
        cells,
        unanswered=tuple(cell.id for cell in run.restored.notebook.cells if _is_unanswered(cell)),
        wall_s=round(wall_s, 3),
        cpu_s=round(run.cpu_s, 3),
        peak_mb=round(run.peak_mb, 1),
    )


def _make_cell_record(run: NotebookRun, grade_id: str) -> CellRecord:
    cell = next(cell for cell in run.restored.notebook.cells if cell.id == grade_id)
    verdict, ran = _judge(run, cell)
    by_hand = verdict is None or bool(run.forged)
    return CellRecord(
        grade_id=grade_id,
        exercise=run.template.exercises[grade_id],
        points=verdict.points if verdict and not by_hand else None,
        max_points=run.template.points[grade_id],
        needs_manual=by_hand,
        hidden=is_hidden(run.template.cells[grade_id]),
        ran=ran,
        causes=verdict.causes if verdict else (),
        text_sha256=hash_answer(_answer_to(run, cell)),
    )


def _judge(run: NotebookRun, cell: NotebookNode) -> tuple[Verdict | None, bool]:
    """Return the verdict (None: a person has to judge) and whether the cell ran to its end."""
    if utils.is_solution(cell) or cell.cell_type != "code":
        points, _ = utils.determine_grade(cell)
        return (None if points is None else Verdict(points, False)), True
    result = run.results.get(cell.id)
    if result is None:
        return Verdict(0.0, False), False
    return judge_check(cell, result), result.state == COMPLETED


def _answer_to(run: NotebookRun, cell: NotebookNode) -> str:
    exercise = cell.id if utils.is_solution(cell) else run.template.exercises[cell.id]
    return next((other.source for other in run.restored.notebook.cells if other.id == exercise), "")


def _is_unanswered(cell: NotebookNode) -> bool:
    """Return whether an answer is still the stub, as nbgrader tells it."""
    return utils.is_solution(cell) and cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def _add_outputs(run: NotebookRun) -> NotebookNode:
    """Return the notebook with the outputs of its cells; a cell that did not run says so.

    What was not to run keeps the outputs that were handed in.
    """
    count, left_out = 0, run.plan.left_out()
    for cell in run.cells:
        result = run.results.get(cell.id)
        if result is None and cell.id not in run.plan.run and run.plan.kinds[cell.id] != CHECK:
            continue
        message = "the kernel died or was stopped before this cell, so it did not run"
        cell.outputs = result.outputs if result else [make_error(KERNEL_DIED, message)]
        if result:
            count += 1
            cell.execution_count = count
    if left_out:
        place = next(index for index, cell in enumerate(run.restored.notebook.cells) if cell.id in left_out)
        run.restored.notebook.cells.insert(place, new_markdown_cell(LEFT_OUT, id="left-out"))
    return run.restored.notebook
