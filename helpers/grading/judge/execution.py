"""Run what a student wrote, then ask the answers: each check sees the notebook as it was at the check's place."""

import math
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nbformat import NotebookNode

from helpers.checks.progress import forget_results
from helpers.grading.answering.cell_result import COMPLETED, DIED, FORGED, TIMED_OUT, CellResult, make_output
from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.answering.session import Channel, Session, open_session
from helpers.grading.judge.checks import limit_judging, list_answer_names, make_error, make_namespace, run_check
from helpers.grading.judge.plan import CHECK, OWN, Plan, list_bound_names, list_set_up, list_used_names
from helpers.grading.judge.remote import RemoteLine
from helpers.grading.judge.restore import Restored
from helpers.grading.judge.template import Template, is_hidden
from helpers.grading.judge.transcript import TranscriptWriter
from helpers.line.asking import Answer
from helpers.line.kinds import AnswerLost

CELL_S, NOTEBOOK_S = 60.0, 240.0  # a run of a notebook on a slow machine takes about 20 s in all
SUBMISSION_S = 600.0  # nobody holds up the class for longer
CHECKS_S = 30.0  # at least, for the checks of a notebook whose own code has used up its time
SNAPSHOT_S = 20.0
TIME_OVER = f"The time was over {{}}: {NOTEBOOK_S:.0f} s for a notebook, {SUBMISSION_S:.0f} s for all together."
KERNEL_DIED = "KernelDied"


@dataclass
class NotebookRun:
    """What has become of a notebook so far: results by cell id, and what went wrong.

    The process in which answers run is made by `server` for the folder `work`, as often as one is needed. It may run
    until `deadline`, on the monotonic clock, which is never later than `latest`.
    """

    restored: Restored
    template: Template
    plan: Plan
    server: ForkServer
    work: str
    latest: float = math.inf
    cell_s: float = CELL_S
    deadline: float = 0.0
    results: dict[str, CellResult] = field(default_factory=dict)
    snapshots: dict[str, Channel | None] = field(default_factory=dict)
    questions: TranscriptWriter = field(default_factory=TranscriptWriter)
    stopped: str = ""
    forged: list[str] = field(default_factory=list)
    limit: str = ""
    cpu_s: float = 0.0
    peak_mb: float = 0.0

    @cached_property
    def cells(self) -> list[NotebookNode]:
        """The code cells, in order."""
        return [cell for cell in self.restored.notebook.cells if cell.cell_type == "code"]

    def start_clock(self) -> None:
        """Let the notebook's time begin, once its process is there: the first one waits until the server is ready."""
        self.deadline = self.deadline or min(time.monotonic() + NOTEBOOK_S, self.latest)

    def time_left_s(self, most_s: float | None = None) -> float:
        """Return how long the next cell may take: `most_s` or a cell's limit, or less near the notebook's limit."""
        return max(0.0, min(self.cell_s if most_s is None else most_s, self.deadline - time.monotonic()))

    @contextmanager
    def open_session(self, *, snapshots: int = 0) -> Iterator[Session]:
        """Start the notebook's process, and add up what it used."""
        set_up = [] if self.plan.runs_set_up else list_set_up(self.template)
        with open_session(self.server, self.work, snapshots=snapshots, set_up=set_up) as session:
            yield session
        self.limit = self.limit or session.limit
        self.cpu_s += float(session.usage["cpu_s"])
        self.peak_mb = max(self.peak_mb, float(session.usage["peak_mb"]))


def list_groups(run: NotebookRun) -> list[list[NotebookNode]]:
    """Return the checks, those together between which nothing runs, and which belong to one exercise."""
    groups: list[list[NotebookNode]] = []
    is_open = False
    for cell in run.cells:
        if run.plan.kinds[cell.id] == CHECK:
            exercise = run.template.exercises[cell.id]
            if not is_open or run.template.exercises[groups[-1][0].id] != exercise:
                groups.append([])
            groups[-1].append(cell)
            is_open = True
        elif cell.id in run.plan.run:
            is_open = False
    return groups


def run_cells(run: NotebookRun, session: Session, *, until: str = "") -> None:
    """Run the plan's cells in order; where checks stand that ask something, set the state aside.

    With `until`, the id of a check, run only what comes before it, and set nothing aside.
    """
    first = {} if until else {group[0].id: group for group in list_groups(run) if asks_something(run, group)}
    for cell in run.cells:
        if run.stopped or cell.id == until:
            break
        if cell.id in first:
            snapshot = session.take_snapshot(timeout_s=run.time_left_s(SNAPSHOT_S))
            run.snapshots |= {check.id: snapshot for check in first[cell.id]}
        elif cell.id in run.plan.run:
            _run_cell(run, session, cell, again=bool(until))
    if not run.stopped and run.time_left_s() <= 0:
        run.stopped = TIME_OVER.format("at the end of the notebook")


def _run_cell(run: NotebookRun, session: Session, cell: NotebookNode, *, again: bool) -> None:
    if run.time_left_s() <= 0:
        run.stopped = TIME_OVER.format(f"before cell {cell.id}")
        return
    result = session.run(cell.source, timeout_s=run.time_left_s())
    if not again:
        run.results[cell.id] = result
    if result.state == FORGED:
        run.forged.append(f"The cell {cell.id} sent messages in the grader's place.")
        run.stopped = f"The kernel was stopped in cell {cell.id}."
    elif result.state == DIED:
        run.stopped = f"The kernel died in cell {cell.id}."
    elif result.state == TIMED_OUT:
        if not session.main.open:
            run.stopped = f"Cell {cell.id} took longer than {run.cell_s:.0f} s and could not be stopped."
        result.outputs.append(make_error("TimeoutError", f"this cell took longer than {run.cell_s:.0f} s"))


def asks_something(run: NotebookRun, group: list[NotebookNode]) -> bool:
    """Return whether a check's answers have to be asked: an untouched stub, bound nowhere else, is known."""
    if not run.plan.run:
        return False
    exercise = run.template.exercises[group[0].id]
    stub = run.template.released_sources.get(exercise)
    bound = list_bound_names(stub) if stub else set()
    if not bound:
        return True
    others = [cell for cell in run.cells if cell.id in run.plan.run and (cell.id != exercise or cell.source != stub)]
    return any(cell.id == exercise or _may_bind(run, cell, bound) for cell in others)


def _may_bind(run: NotebookRun, cell: NotebookNode, names: Collection[str]) -> bool:
    reaches_anything = run.plan.kinds[cell.id] == OWN and list_used_names(cell.source) is None
    return reaches_anything or any(name in cell.source for name in names)


def judge_checks(run: NotebookRun) -> None:
    """Judge every check: with the snapshot of its place, or in a fresh run up to there after a fault.

    All visible checks come first, so that nothing which hidden ones ask can come out by way of a visible one.
    """
    forget_results()
    namespace = make_namespace(run.template)
    run.deadline = max(run.deadline, time.monotonic() + CHECKS_S)
    for hidden in (False, True):
        for group in list_groups(run):
            cells = [cell for cell in group if is_hidden(run.template.cells[cell.id]) is hidden]
            if not asks_something(run, group):
                for cell in cells:
                    run.results[cell.id] = judge_stub(run.template, cell.id, namespace)
            elif run.snapshots.get(group[0].id):
                _judge_group(run, cells, namespace)


def judge_stub(template: Template, grade_id: str, namespace: dict[str, Any]) -> CellResult:
    """Judge a check whose answer is still the stub that was handed out: it is known, and runs here."""
    names = dict(namespace)
    with suppress(NotImplementedError):  # where the answer is a value, the stub ends in this error
        exec(template.released_sources[template.exercises[grade_id]], names)
    return run_check(template.cells[grade_id].source, namespace, names)


def _judge_group(run: NotebookRun, cells: list[NotebookNode], namespace: dict[str, Any]) -> None:
    """Judge the checks of one place. One that kills, hangs or poisons the process costs itself alone.

    Threads do not survive the fork that a snapshot is: an answer that hangs there is asked once more without one.
    """
    fresh = ExitStack()  # of one fresh run at a time
    with fresh:
        for cell in cells:
            channel = run.snapshots[cell.id]
            for _ in range(2):
                if channel is None or not channel.open:
                    fresh.close()
                    channel = _run_again(run, cell, fresh)
                result = run.results[cell.id] = _judge_check(run, cell, namespace, channel)
                if result.state != TIMED_OUT or channel is None:
                    break
                channel.close()
            run.snapshots |= {other.id: channel for other in cells}
            if result.state != COMPLETED:
                _tell_lost(run, cell, result)
                if channel:
                    channel.close()


def _run_again(run: NotebookRun, cell: NotebookNode, stack: ExitStack) -> Channel | None:
    if run.time_left_s() <= 0:
        return None
    session = stack.enter_context(run.open_session())
    before = run.stopped
    run.stopped = ""
    run_cells(run, session, until=cell.id)
    run.stopped, failed = before, run.stopped
    return None if failed else session.main


def _judge_check(
    run: NotebookRun, cell: NotebookNode, namespace: dict[str, Any], channel: Channel | None
) -> CellResult:
    if channel is None or run.time_left_s() <= 0:
        return CellResult(state=DIED)
    source, started = run.template.cells[cell.id].source, time.monotonic()
    run.questions.begin_check(cell.id)
    line = RemoteLine(channel, run.questions, deadline=started + run.time_left_s())
    wanted = list_answer_names(source, namespace)

    def check() -> CellResult:
        return run_check(source, namespace, {name: Answer(name, line) for name in wanted})

    result = _catch_lost(check)
    run.questions.end_check(result.state)
    if line.printed and not is_hidden(run.template.cells[cell.id]):
        result.outputs.insert(0, make_output("stream", name="stdout", text=line.printed))
    result.wall_s = time.monotonic() - started
    return result


def _catch_lost(check: Callable[[], CellResult]) -> CellResult:
    try:
        with limit_judging():
            return check()
    except AnswerLost as lost:
        return CellResult(state=lost.state)


def _tell_lost(run: NotebookRun, cell: NotebookNode, result: CellResult) -> None:
    if result.state == FORGED:
        run.forged.append(f"The answer to {cell.id} sent messages that answers do not send.")
    else:
        result.outputs.append(make_lost_error(result))


def make_lost_error(result: CellResult) -> NotebookNode:
    """Return what stands below a check from whose answer nothing came back."""
    return make_error(KERNEL_DIED, f"this check did not end: it {result.state}")
