"""A fork server that is killed: what ran then is not blamed for it, and a worker goes on with a server of its own."""

import os
import sys
import threading

import pytest

from helpers.grading.answering.fork_server import ForkServerError
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, Submission
from helpers.grading.whole_class import workers
from helpers.grading.whole_class.grade_submission import grade_submission
from helpers.grading.whole_class.workers import GradingSettings, Job
from tests.support.direct_grading import start_server
from tests.support.small_course import ANSWERS, write_exercise, write_submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the sandbox, which Linux has")
SLEEPS = ANSWERS | {"read_labels": f"import time\ntime.sleep(60)\n{ANSWERS['read_labels']}"}


@pytest.fixture
def server(tmp_path):
    server = start_server(tmp_path)
    yield server
    server.close()


@pytest.fixture
def exercise(tmp_path):
    return write_exercise(tmp_path / "exercise")


def hand_in(exercise, answers) -> Submission:
    return Submission("ada", str(write_submission(exercise / "ada", exercise, answers)))


def test_a_notebook_is_not_blamed_for_the_end_of_the_server(server, exercise):
    templates = workers.read_templates(exercise / "solutions" / ASSIGNMENT)
    grade_submission(hand_in(exercise, ANSWERS), templates, server)  # it has started
    threading.Timer(2.0, server.process.kill).start()
    with pytest.raises(ForkServerError):
        grade_submission(hand_in(exercise, SLEEPS), templates, server)
    assert not server.is_alive()


def test_a_worker_goes_on_without_the_server_that_it_shared(server, exercise, monkeypatch):
    solutions = exercise / "solutions" / ASSIGNMENT
    settings = GradingSettings(server.runtime, server.backend, solutions)
    worker = {"settings": settings, "templates": workers.read_templates(solutions), "server": server}
    monkeypatch.setattr(workers, "_worker", worker)
    server.process.kill()
    server.process.wait()
    result = workers.work_on(Job(hand_in(exercise, ANSWERS)))
    assert result.record.status == GRADED
    assert worker["server"] is not server
    workers.close_server()


def test_a_forked_worker_that_hangs_up_does_not_end_the_server(server):
    worker = os.fork()
    if not worker:
        server.close()
        os._exit(0)
    assert os.waitpid(worker, 0) == (worker, 0)
    assert server.process.poll() is None and server.is_alive()
