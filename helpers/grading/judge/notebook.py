"""Judge one notebook: restore it, have it executed, and make its record and the executed notebook."""

import math
import time
from collections.abc import Mapping

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.judge.execution import (
    CELL_S,
    KERNEL_DIED,
    NOTEBOOK_S,
    Run,
    make_error,
    run_canaries,
    run_hidden_checks,
    run_visible_cells,
)
from helpers.grading.judge.restore import hash_answer, restore_notebook
from helpers.grading.judge.scoring import Verdict, judge_check
from helpers.grading.judge.template import Template, is_hidden
from helpers.grading.kernels.cell_result import COMPLETED
from helpers.grading.kernels.forkserver import ForkServer
from helpers.grading.kernels.session import open_session
from helpers.grading.records import GRADED, IN_PART, TAMPERED, CellRecord, NotebookRecord


def grade_notebook(
    submitted: Mapping,
    template: Template,
    server: ForkServer,
    *,
    work: str,
    cell_s: float = CELL_S,
    deadline: float = math.inf,
) -> tuple[NotebookRecord, NotebookNode]:
    """Restore, run and judge a notebook that was handed in; return its record and the executed notebook.

    It may run until `deadline`, on the monotonic clock, and no longer than NOTEBOOK_S.
    """
    restored = restore_notebook(submitted, template)
    hidden = sum(map(is_hidden, template.cells.values()))
    with open_session(server, work, snapshots=hidden + 1) as session:
        started = time.monotonic()  # the first notebook has waited until the server was ready
        run = Run(restored, template, min(started + NOTEBOOK_S, deadline), cell_s)
        run_visible_cells(run, session)
        session.end_main()
        run_hidden_checks(run)
        run_canaries(run)
    _explain_limit(run, session.limit)
    record = _make_record(run, wall_s=time.monotonic() - started, usage=session.usage)
    return record, _add_outputs(run)


def _explain_limit(run: Run, limit: str) -> None:
    if limit and run.stopped:
        run.stopped = f"{run.stopped} It used more than the allowed {limit}."


def _make_record(run: Run, *, wall_s: float, usage: dict) -> NotebookRecord:
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
        cpu_s=round(float(usage["cpu_s"]), 3),
        peak_mb=round(float(usage["peak_mb"]), 1),
    )


def _make_cell_record(run: Run, grade_id: str) -> CellRecord:
    cell = next(cell for cell in run.restored.notebook.cells if cell.id == grade_id)
    verdict, ran = _judge(run, cell)
    by_hand = verdict is None or bool(run.forged)
    return CellRecord(
        grade_id=grade_id,
        exercise=run.template.exercises[grade_id],
        points=None if by_hand else verdict.points,
        max_points=run.template.points[grade_id],
        needs_manual=by_hand,
        hidden=is_hidden(run.template.cells[grade_id]),
        ran=ran,
        causes=verdict.causes if verdict else (),
        text_sha256=hash_answer(_answer_to(run, cell)),
    )


def _judge(run: Run, cell: NotebookNode) -> tuple[Verdict | None, bool]:
    """Return the verdict (None: a person has to judge) and whether the cell ran to its end."""
    if utils.is_solution(cell) or cell.cell_type != "code":
        points, _ = utils.determine_grade(cell)
        return (None if points is None else Verdict(points, False)), True
    result = run.results.get(cell.id)
    if result is None:
        return Verdict(0.0, False), False
    return judge_check(cell, result), result.state == COMPLETED


def _answer_to(run: Run, cell: NotebookNode) -> str:
    exercise = cell.id if utils.is_solution(cell) else run.template.exercises[cell.id]
    return next((other.source for other in run.restored.notebook.cells if other.id == exercise), "")


def _is_unanswered(cell: NotebookNode) -> bool:
    """Return whether an answer is still the stub, as nbgrader tells it."""
    return utils.is_solution(cell) and cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def _add_outputs(run: Run) -> NotebookNode:
    """Return the notebook with the outputs of its cells; a cell that did not run says so."""
    count = 0
    for cell in run.restored.notebook.cells:
        if cell.cell_type != "code":
            continue
        result = run.results.get(cell.id)
        message = "the kernel died or was stopped before this cell, so it did not run"
        cell.outputs = result.outputs if result else [make_error(KERNEL_DIED, message)]
        if result:
            count += 1
            cell.execution_count = count
    return run.restored.notebook
