"""The process that judges a class: it imports what judging needs once, and its workers are forked from it.

It starts the fork server of answers as another program, and only when an answer has to run: no answer ever runs in a
process that was forked from here, and none of what is known here is in that server's memory.
"""

import multiprocessing
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection

from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.errors import GradingError
from helpers.grading.whole_class.workers import (
    GradingSettings,
    Job,
    end_with_command,
    grade_all,
    open_server,
    prepare_to_judge,
    start_worker,
)

ENDED = "The process that judges ended, perhaps for want of memory. Start again with fewer workers: it goes on."

Graded = tuple[Job, GradedSubmission]


def grade_apart(jobs: Sequence[Job], settings: GradingSettings) -> Generator[Graded, None, None]:
    """Yield each job with its result as it is done by a process of its own, which is started if there is any job.

    Raises GradingError if that process ends before. It ends when this generator is closed.
    """
    if not jobs:
        return
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send_results, args=(theirs, jobs, settings))
    process.start()
    theirs.close()
    try:
        for _ in jobs:
            yield ours.recv()
        process.join()
    except EOFError as error:
        raise GradingError(ENDED) from error
    finally:
        process.kill()
        process.join()
        ours.close()


def _send_results(connection: Connection, jobs: Sequence[Job], settings: GradingSettings) -> None:
    start_worker(settings)
    for graded in grade_prepared(jobs, settings):
        connection.send(graded)


def make_pool(settings: GradingSettings) -> Executor:
    """Return the executor that grades: processes forked from this one, which has been started like a worker."""
    prepare_to_judge()
    context = multiprocessing.get_context("fork")
    return ProcessPoolExecutor(settings.workers, mp_context=context, initializer=end_with_command)


def grade_prepared(
    jobs: Sequence[Job], settings: GradingSettings, *, make_executor: Callable[[GradingSettings], Executor] = make_pool
) -> Iterator[Graded]:
    """Yield each job with its result; the fork server starts when what was asked before is not enough for some job."""
    done = set()
    kept = [job for job in jobs if job.exercise]
    for job, result in grade_all(kept, settings, make_executor=make_executor):
        if result:
            done.add(job.submission.student)
            yield job, result
    left = [replace(job, exercise="") for job in jobs if job.submission.student not in done]
    if left:
        with open_server(settings):
            for job, result in grade_all(left, settings, make_executor=make_executor):
                if result:  # as every job has that names no exercise
                    yield job, result
