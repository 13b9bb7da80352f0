"""The process that judges a class: its workers are forked from it, and it starts no more than the jobs need."""

import contextlib
import os
import signal
import sys

import pytest

from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.errors import GradingError
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, Submission, SubmissionRecord
from helpers.grading.whole_class import prepared_process, workers
from helpers.grading.whole_class.workers import GradingSettings, Job
from tests.support.shared_server import InThisProcess
from tests.support.small_course import write_exercise


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "runtime" / "course").mkdir(parents=True)
    solutions = write_exercise(tmp_path / "exercise") / "solutions" / ASSIGNMENT
    return GradingSettings(tmp_path / "runtime" / "course", "none", solutions, workers=2)


@pytest.fixture
def servers(monkeypatch):
    """Count the fork servers that are started, none of which really is."""
    started = []

    def open_server(settings):
        started.append(settings)
        return contextlib.nullcontext()

    monkeypatch.setattr(prepared_process, "open_server", open_server)
    return started


class Judged(InThisProcess):
    """In the place of workers: what was asked before is enough for all but ben."""

    def __init__(self, settings):
        """Start nothing."""

    def submit(self, function, job):
        return super().submit(self.judge, job)

    @staticmethod
    def judge(job):
        enough = job.submission.student != "ben" or not job.exercise
        return GradedSubmission(SubmissionRecord(job.submission.student, GRADED, ()), {}) if enough else None


def make_jobs(*students, exercise=""):
    return [Job(Submission(student, None), exercise=exercise) for student in students]


def grade(jobs, settings):
    results = prepared_process.grade_prepared(jobs, settings, make_executor=Judged)
    return sorted((job.submission.student, result.record.student) for job, result in results)


def test_no_fork_server_is_started_when_what_was_asked_before_is_enough(settings, servers):
    assert grade(make_jobs("ann", "cem", exercise="top_k"), settings) == [("ann", "ann"), ("cem", "cem")]
    assert servers == []


def test_who_has_to_be_asked_anew_is_run(settings, servers):
    found = grade([*make_jobs("ann", "ben", exercise="top_k"), *make_jobs("new")], settings)
    assert found == [("ann", "ann"), ("ben", "ben"), ("new", "new")]
    assert len(servers) == 1


def test_without_a_job_no_process_is_started(settings, monkeypatch):
    monkeypatch.setattr(
        prepared_process.multiprocessing, "get_context", lambda method: pytest.fail(f"{method} a process")
    )
    assert list(prepared_process.grade_apart([], settings)) == []


def test_when_the_process_that_judges_ends_the_command_says_what_to_do(settings, tmp_path, capfd):
    (settings.solutions / "01_setup.ipynb").write_text("no notebook")
    with pytest.raises(GradingError, match="Start again"):
        list(prepared_process.grade_apart(make_jobs("ann"), settings))
    capfd.readouterr()  # of its traceback


def list_torch(job):
    """Tell which process this is a fork of, and whether it has what judging needs, without an import."""
    return (
        os.getppid(),
        os.getpid(),
        "torch" in sys.modules and "helpers.grading.whole_class.grade_submission" in sys.modules,
    )


def die_for_ben(job):
    """In the place of work_on: the worker dies over ben."""
    if job.submission.student == "ben":
        os.kill(os.getpid(), signal.SIGKILL)
    return workers.give_up(job, "Judged.")


def try_workers(connection, settings):
    """Send what list_torch finds in a worker, and what becomes of three students when a worker dies over one."""
    workers.start_worker(settings)
    with prepared_process.make_pool(settings) as pool:
        connection.send((os.getpid(), *pool.submit(list_torch, None).result()))
    workers.work_on = die_for_ben
    results = workers.grade_all(make_jobs("ann", "ben", "cem"), settings, make_executor=prepared_process.make_pool)
    connection.send({job.submission.student: result.record.reasons[0] for job, result in results})


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked")
def test_workers_are_forked_with_all_that_judging_needs_also_after_one_has_died(settings):
    context = prepared_process.multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=try_workers, args=(theirs, settings))
    process.start()
    theirs.close()
    judge, parent, worker, is_ready = ours.recv()
    reasons = ours.recv()
    process.join()
    assert parent == judge == process.pid != worker and is_ready
    assert all(reasons[student].startswith("Judged.") for student in ("ann", "cem"))
    assert "stopped while it graded" in reasons["ben"]
