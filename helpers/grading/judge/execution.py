"""Execute a restored notebook: visible cells in the main process, hidden checks and canaries in snapshots of it."""

import time
from dataclasses import dataclass, field

from nbformat import NotebookNode

from helpers.grading.judge.canaries import make_canaries
from helpers.grading.judge.restore import Restored
from helpers.grading.judge.template import Template, is_hidden
from helpers.grading.kernels.cell_result import COMPLETED, DIED, FORGED, TIMED_OUT, CellResult, make_output
from helpers.grading.kernels.session import Channel, Session

CELL_S, NOTEBOOK_S = 60.0, 240.0  # a run of a notebook on a slow machine takes about 20 s in all
SUBMISSION_S = 600.0  # nobody holds up the class for longer
CANARY_S = SNAPSHOT_S = 20.0
KERNEL_DIED = "KernelDied"


@dataclass
class Run:
    """What has become of a notebook so far: results and verdicts by cell id, and what went wrong."""

    restored: Restored
    template: Template
    deadline: float
    cell_s: float = CELL_S
    results: dict[str, CellResult] = field(default_factory=dict)
    snapshots: dict[str, Channel | None] = field(default_factory=dict)
    last_snapshot: Channel | None = None
    stopped: str = ""
    forged: list[str] = field(default_factory=list)

    def time_left_s(self, most_s: float | None = None) -> float:
        """Return how long the next cell may take: `most_s` or a cell's limit, or less near the notebook's limit."""
        return max(0.0, min(self.cell_s if most_s is None else most_s, self.deadline - time.monotonic()))


def run_visible_cells(run: Run, session: Session) -> None:
    """Run everything that students see, in order; where hidden checks stand, only set the state aside.

    Hidden checks that follow each other share a snapshot, since nothing has run between them.
    """
    snapshot = None
    for cell in run.restored.notebook.cells:
        if cell.cell_type != "code" or run.stopped:
            continue
        if cell.id in run.template.cells and is_hidden(run.template.cells[cell.id]):
            snapshot = snapshot or session.take_snapshot(timeout_s=run.time_left_s(SNAPSHOT_S))
            run.snapshots[cell.id] = snapshot
        elif run.time_left_s() <= 0:
            run.stopped = (
                f"The time was over before cell {cell.id}: {NOTEBOOK_S:.0f} s for a notebook, "
                f"{SUBMISSION_S:.0f} s for all together."
            )
        else:
            snapshot = None
            _run_cell(run, session, cell)
    if not run.stopped and not set(run.template.exercises.values()) <= _list_with_hidden_checks(run.template):
        run.last_snapshot = session.take_snapshot(timeout_s=SNAPSHOT_S)


def _list_with_hidden_checks(template: Template) -> set[str]:
    """Return the exercises whose canaries have a snapshot to run in; questions in free text need none."""
    return {""} | {exercise for grade_id, exercise in template.exercises.items() if is_hidden(template.cells[grade_id])}


def _run_cell(run: Run, session: Session, cell: NotebookNode) -> None:
    result = run.results[cell.id] = session.run(cell.source, timeout_s=run.time_left_s())
    if result.state == FORGED:
        run.forged.append(f"The cell {cell.id} sent messages in the grader's place.")
        run.stopped = f"The kernel was stopped in cell {cell.id}."
    elif result.state == DIED:
        run.stopped = f"The kernel died in cell {cell.id}."
    elif result.state == TIMED_OUT:
        run.stopped = (
            "" if session.main.open else f"Cell {cell.id} took longer than {run.cell_s:.0f} s and could not be stopped."
        )
        result.outputs.append(make_error("TimeoutError", f"this cell took longer than {run.cell_s:.0f} s"))


def run_hidden_checks(run: Run) -> None:
    """Give each snapshot the check that belongs to it."""
    for grade_id, channel in run.snapshots.items():
        if channel is None:
            continue
        source = run.template.cells[grade_id].source
        result = run.results[grade_id] = channel.run_alone(source, timeout_s=run.time_left_s())
        if result.state == FORGED:
            run.forged.append(f"The check {grade_id} was answered by messages in the grader's place.")
        elif result.state != COMPLETED:
            result.outputs.append(make_error(KERNEL_DIED, f"this check did not end: it {result.state}"))


def run_canaries(run: Run) -> None:
    """In the last snapshot of each exercise, or else in the one at the end, run what must fail.

    A snapshot that has answered its checks and then cannot answer these has something to hide. That needs time which
    the notebook's own code cannot use up; once is enough.
    """
    last = {run.template.exercises[grade_id]: grade_id for grade_id, channel in run.snapshots.items() if channel}
    for exercise, canaries in make_canaries(run.template).items():
        check = last.get(exercise)
        channel = run.snapshots[check] if check else run.last_snapshot
        if channel is None or (check and run.results[check].state != COMPLETED):
            continue
        results = (channel.run_alone(source, timeout_s=CANARY_S) for source in canaries)
        suspicion = next(filter(None, map(_suspect, results)), "")
        if suspicion:
            run.forged.append(f"A check of {exercise} that must fail {suspicion}: the kernel was tampered with.")
            return


def _suspect(result: CellResult) -> str:
    """Return what is wrong with a canary's result; "" for one that failed as it must."""
    if result.state in (DIED, TIMED_OUT):
        return "did not end"
    return "" if result.state == COMPLETED and _failed(result) else "passed"


def _failed(result: CellResult) -> bool:
    return not result.ok and any(output.output_type == "error" for output in result.outputs)


def make_error(name: str, message: str) -> NotebookNode:
    """Return an error output, for what a cell could not say itself."""
    return make_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])
