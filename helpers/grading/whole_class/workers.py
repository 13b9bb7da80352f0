"""Grade many submissions at once: forked worker processes that share a fork server; one crash hurts nobody else.

`grade_all` needs no more than an executor's `submit`, so that a cluster's executor can take the pool's place.
"""

import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.checks.class_seed import NO_CLASS, class_seed
from helpers.grading.answering.fork_server import ForkServer, ForkServerError
from helpers.grading.answering.single_thread import check_single_thread
from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.course.handed_out import add_versions
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.notebooks.paths import SOLUTIONS
from helpers.grading.records import UNREADABLE, Submission, SubmissionRecord
from helpers.grading.sandbox.linux import kernel

_worker: dict = {"server": None}


@dataclass(frozen=True)
class Job:
    """A submission to grade, and the notebooks to run (none named: all).

    With an `exercise`, this alone is judged from what was asked before in its `assignment`, if that is enough.
    """

    submission: Submission
    only: tuple[str, ...] = ()
    exercise: str = ""
    assignment: CourseAssignment | None = None


@dataclass(frozen=True)
class GradingSettings:
    """What every worker is started with. `runtime` holds the copy of helpers/ that submitted code sees.

    `handed_out` is the folder of the notebooks' earlier versions. From `class_seed` the numbers of hidden checks are
    drawn.
    """

    runtime: Path
    backend: str
    solutions: Path = SOLUTIONS
    handed_out: Path | None = None
    every_cell: bool = False
    class_seed: str = field(default=NO_CLASS, repr=False)
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)


def start_worker(settings: GradingSettings) -> None:
    """Get a worker, or the process that forks them, ready: it ends with its parent, and has its templates."""
    end_with_command()
    os.environ.update(HEADLESS_ENVIRONMENT)
    tempfile.tempdir = str(settings.runtime.parent)  # what a killed worker leaves there goes with the next run
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then ends its workers
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    class_seed.set(settings.class_seed)
    templates = read_templates(settings.solutions)
    if settings.handed_out:
        templates = add_versions(templates, settings.handed_out)
    _worker.update(settings=settings, templates=templates)


def end_with_command() -> None:
    """Let this process end when the command that started it does; at once, if that has been killed meanwhile."""
    parent = multiprocessing.parent_process()
    if sys.platform == "linux" and parent is not None:
        kernel.end_with_parent(parent.pid)


def work_on(job: Job) -> GradedSubmission | None:  # type: ignore[return]  # the second attempt returns in any case
    """Grade one job in this worker process; a fork server that fails is started anew, once.

    None means that the job's exercise has to be asked anew: what was asked before is not enough.
    """
    from helpers.grading.whole_class.grade_submission import grade_submission
    from helpers.grading.whole_class.judge_again import judge_submission_again

    templates, every_cell = _worker["templates"], _worker["settings"].every_cell
    if job.exercise and job.assignment:
        return judge_submission_again(job.assignment, job.submission.student, templates, job.exercise)
    for attempt in (1, 2):
        try:
            return grade_submission(job.submission, templates, get_server(), only=job.only, every_cell=every_cell)
        except ForkServerError as error:
            close_server()
            if attempt == 2:
                return give_up(job, f"It could not be run: {' '.join(str(error).split())}.")


@contextlib.contextmanager
def open_server(settings: GradingSettings) -> Iterator[None]:
    """Start the fork server that all workers share which are forked while this lasts."""
    _worker["server"] = ForkServer(settings.runtime, backend=settings.backend)
    try:
        yield
    finally:
        close_server()


def get_server() -> ForkServer:
    """Return the fork server that this worker uses: the shared one, or one of its own if there is none any more."""
    settings = _worker["settings"]
    if _worker["server"] is None or not _worker["server"].is_alive():
        close_server()
        _worker["server"] = ForkServer(settings.runtime, backend=settings.backend)
    return _worker["server"]


def close_server() -> None:
    """Use this worker's fork server no more."""
    if _worker["server"]:
        _worker["server"].close()
        _worker["server"] = None


def prepare_to_judge() -> None:
    """Import what judging needs, and run the notebooks' set-up, so that it is there in every worker."""
    # Not above: the command itself needs no torch.
    from helpers.grading.judge.checks import make_namespace
    from helpers.grading.whole_class import grade_submission, judge_again  # noqa: F401

    for template in _worker["templates"].values():
        with contextlib.suppress(Exception):  # it fails again, and is told, where a notebook of the kind is judged
            make_namespace(template)
    check_single_thread()
    gc.collect()
    gc.freeze()  # the collector leaves what is here alone, so that forks go on sharing its memory


def grade_all(
    jobs: Iterable[Job], settings: GradingSettings, *, make_executor: Callable[[GradingSettings], Executor]
) -> Iterator[tuple[Job, GradedSubmission | None]]:
    """Yield each job with its result as it is done, as `work_on` gives it.

    When a worker process dies, the jobs that ran then are tried again, one at a time; one that does it alone
    is given up, and its record says so.
    """
    waiting, suspects = deque(jobs), deque[Job]()
    while waiting or suspects:
        queue, at_once = (suspects, 1) if suspects else (waiting, 2 * settings.workers)
        with make_executor(settings) as executor:
            crashed = yield from _grade_some(executor, queue, at_once)
        if at_once == 1 and crashed:
            yield crashed[0], give_up(crashed[0], "The grader itself stopped while it graded this submission.")
        else:
            suspects += crashed


def _grade_some(executor: Executor, queue: deque[Job], at_once: int):
    """Yield results until the queue is empty or a worker dies; return the jobs that ran when one died."""
    running: dict[Future, Job] = {}
    while queue or running:
        while queue and len(running) < at_once:
            job = queue.popleft()
            running[executor.submit(work_on, job)] = job
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            try:
                result = future.result()
            except BrokenExecutor:
                return list(running.values())
            except Exception as error:  # one submission's trouble must not stop the class
                result = give_up(running[future], f"The grader failed: {type(error).__name__}: {error}.")
            yield running.pop(future), result
    return []


def give_up(job: Job, reason: str) -> GradedSubmission:
    """Return the result of a job that cannot be graded."""
    submission, advice = job.submission, "Look at the files before trying again."
    record = SubmissionRecord(submission.student, UNREADABLE, (f"{reason} {advice}",))
    record = replace(record, timestamp=submission.timestamp, assignment=submission.assignment)
    return GradedSubmission(record, {})
