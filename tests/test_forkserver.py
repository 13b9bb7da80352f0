"""A fork server that is killed: what ran then is not blamed for it, and a worker goes on with a server of its own."""

import os
import sys
import threading

import pytest
from direct_grading import start_server
from small_course import ANSWERS, write_exercise, write_submission

from helpers.grading import engine
from helpers.grading.engine import Job, Settings
from helpers.grading.kernels.forkserver import ForkServerError
from helpers.grading.notebooks import ASSIGNMENT
from helpers.grading.records import GRADED, Submission
from helpers.grading.submission import grade_submission

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
    templates = engine.read_templates(exercise / "solutions" / ASSIGNMENT)
    grade_submission(hand_in(exercise, ANSWERS), templates, server)  # it has started
    threading.Timer(2.0, server.process.kill).start()
    with pytest.raises(ForkServerError):
        grade_submission(hand_in(exercise, SLEEPS), templates, server)
    assert not server.is_alive()


def test_a_worker_goes_on_without_the_server_that_it_shared(server, exercise, monkeypatch):
    solutions = exercise / "solutions" / ASSIGNMENT
    settings = Settings(server.runtime, server.backend, solutions)
    worker = {"settings": settings, "templates": engine.read_templates(solutions), "server": server}
    monkeypatch.setattr(engine, "_worker", worker)
    server.process.kill()
    server.process.wait()
    result = engine.work_on(Job(hand_in(exercise, ANSWERS)))
    assert result.record.status == GRADED
    assert worker["server"] is not server
    engine.close_server()


def test_a_forked_worker_that_hangs_up_does_not_end_the_server(server):
    worker = os.fork()
    if not worker:
        server.close()
        os._exit(0)
    assert os.waitpid(worker, 0) == (worker, 0)
    assert server.process.poll() is None and server.is_alive()
