"""nbgrader's formgrader on a course that the harness graded: opened by a real server, asked as the browser asks."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.whole_class.grade_class import grade_class
from helpers.grading.whole_class.options import Options
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, CHECKS, POINTS, write_exercise, write_submission

STUDENT, QUESTION, BY_HAND = "all-right", "explain_eval", 1.5
START_S = 60


class Formgrader:
    """A Jupyter server in a course folder, and the requests that formgrader's pages make."""

    def __init__(self, course: Path) -> None:
        self._token, self._port = secrets.token_hex(8), find_free_port()
        command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ServerApp.ip=127.0.0.1"]
        settings = {"port": self._port, "port_retries": 0, "allow_root": True, "disable_check_xsrf": True}
        options = [f"--ServerApp.{name}={value}" for name, value in settings.items()]
        env = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        env |= {"JUPYTER_PREFER_ENV_PATH": "1", "JUPYTER_TOKEN": self._token}
        self._process = subprocess.Popen([*command, *options], cwd=course, env=env, stderr=subprocess.DEVNULL)

    def wait(self) -> None:
        """Wait until the server answers."""
        for _ in range(START_S * 5):
            try:
                self.ask("formgrader/api/status")
                return
            except (OSError, ValueError):
                assert self._process.poll() is None, "the server ended"
                time.sleep(0.2)
        raise TimeoutError("the server did not start")

    def ask(self, path: str, *, put: dict | None = None):
        """Return the JSON that an address gives; with `put`, change something there."""
        return json.loads(self.read(path, put=put))

    def read(self, path: str, *, put: dict | None = None) -> str:
        """Return the page at an address."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/{path}",
            data=json.dumps(put).encode() if put is not None else None,
            method="PUT" if put is not None else "GET",
            headers={"Authorization": f"token {self._token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def close(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(timeout=30)


def find_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Course:
    """A graded course and the formgrader that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.exercise = write_exercise(folder / "exercise")
        self.root, self.handed_in = folder / "course", folder / "handed_in"
        write_submission(self.handed_in / STUDENT, self.exercise)
        self.grade()
        self.formgrader = Formgrader(self.root)
        self.formgrader.wait()

    def grade(self) -> None:
        """Grade what is handed in, as `make grade` does."""
        grade_class(Options(self.handed_in, self.root, source=self.exercise, workers=1, feedback=False))

    def find_question(self) -> dict:
        """Return formgrader's row of the question in free text."""
        (book,) = self.formgrader.ask(f"formgrader/api/submitted_notebooks/{ASSIGNMENT}/04_inference")
        grades = self.formgrader.ask(f"formgrader/api/grades?submission_id={book['id']}")
        return next(grade for grade in grades if grade["name"] == QUESTION)


@pytest.fixture(scope="module")
def course(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("formgrader")
    with share_server(fork_server):
        found = Course(folder)
        yield found
        found.formgrader.close()


def test_the_submission_is_shown_as_autograded_with_its_score(course):
    (row,) = course.formgrader.ask(f"formgrader/api/submissions/{ASSIGNMENT}")
    assert row["student"] == STUDENT
    assert row["autograded"] is True
    assert row["submitted"] is True
    assert row["needs_manual_grade"] is True
    assert (row["score"], row["max_score"]) == (sum(CHECKS.values()), sum(POINTS.values()))


def test_the_notebook_opens_with_answers_and_hidden_checks(course):
    (book,) = course.formgrader.ask(f"formgrader/api/submitted_notebooks/{ASSIGNMENT}/04_inference")
    page = course.formgrader.read(f"formgrader/submissions/{book['id']}/")
    assert ANSWERS[QUESTION] in page
    assert "top_k_other_k" in page


def test_a_grade_entered_there_survives_grading_again(course):
    question = course.find_question()
    assert question["needs_manual_grade"] is True
    entered = {"manual_score": BY_HAND, "extra_credit": 0.5, "needs_manual_grade": False}
    course.formgrader.ask(f"formgrader/api/grade/{question['id']}", put=entered)
    course.grade()
    after = course.find_question()
    assert (after["manual_score"], after["extra_credit"], after["needs_manual_grade"]) == (BY_HAND, 0.5, False)


def test_another_text_keeps_the_grade_and_asks_for_another_look(course):
    write_submission(course.handed_in / STUDENT, course.exercise, ANSWERS | {QUESTION: "Another reason."})
    course.grade()
    after = course.find_question()
    assert (after["manual_score"], after["needs_manual_grade"]) == (BY_HAND, True)


def test_the_autograde_button_runs_nothing(course):
    """It would run submitted code outside the sandbox; it refuses, and notebooks and scores stay."""
    before = course.find_question()
    with open_gradebook(course.root) as gradebook:
        score = gradebook.find_submission(ASSIGNMENT, STUDENT).score
    request = f"formgrader/api/submission/{ASSIGNMENT}/{STUDENT}/autograde"
    answer = post(course.formgrader, request)
    assert answer["success"] is False
    assert "make grade" in answer["error"]
    assert course.find_question() == before
    with open_gradebook(course.root) as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, STUDENT).score == score


def post(formgrader: Formgrader, path: str) -> dict:
    """Press a button."""
    address = f"http://127.0.0.1:{formgrader._port}/{path}"
    headers = {"Authorization": f"token {formgrader._token}"}
    request = urllib.request.Request(address, data=b"", method="POST", headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())
