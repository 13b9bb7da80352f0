"""nbgrader's formgrader on a course that the harness graded: opened by a real server, asked as the browser asks."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from nbformat import NotebookNode

from helpers.grading.feedback.write import write_feedback
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.whole_class.grade_class import grade_class
from helpers.grading.whole_class.options import Options
from tests.support.browser import visit
from tests.support.shared_server import share_server
from tests.support.small_course import (
    ANSWERS,
    CHECKS,
    POINTS,
    change_exercise,
    find_cell,
    write_exercise,
    write_submission,
)

STUDENT, QUESTION, BY_HAND = "all-right", "explain_eval", 1.5
RUBRIC = "2 points: says that one of 1000 classes has to win."
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

    @property
    def home(self) -> str:
        """Return where the server's addresses begin."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def headers(self) -> dict[str, str]:
        """Return what each request needs."""
        return {"Authorization": f"token {self._token}"}

    def read(self, path: str, *, put: dict | None = None) -> str:
        """Return the page at an address."""
        request = urllib.request.Request(
            f"{self.home}{path}",
            data=json.dumps(put).encode() if put is not None else None,
            method="PUT" if put is not None else "GET",
            headers={**self.headers, "Content-Type": "application/json"},
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


def add_rubric(notebook: NotebookNode) -> None:
    """Say in a solution how the question is to be marked."""
    cell = notebook.cells[find_cell(notebook, QUESTION)]
    cell.source += f"\n\n=== BEGIN MARK SCHEME ===\n\n{RUBRIC}\n\n=== END MARK SCHEME ==="


class Course:
    """A graded course and the formgrader that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.exercise = write_exercise(folder / "exercise")
        change_exercise(self.exercise, "04_inference", add_rubric)
        self.root, self.handed_in = folder / "course", folder / "handed_in"
        shutil.copytree(self.exercise / "solutions", self.root / "solutions")
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


def test_the_rubric_stands_on_the_page_and_in_no_file(course):
    (book,) = course.formgrader.ask(f"formgrader/api/submitted_notebooks/{ASSIGNMENT}/04_inference")
    page = course.formgrader.read(f"formgrader/submissions/{book['id']}/")
    assert page.index(ANSWERS[QUESTION]) < page.index(RUBRIC) and "MARK SCHEME" not in page
    assert write_feedback(CourseAssignment(course.root), [STUDENT])[0].problem == ""
    kept = [path for folder in ("autograded", "feedback", "submitted") for path in (course.root / folder).rglob("*.*")]
    files = [path for path in kept if path.suffix in (".ipynb", ".html")]
    assert len(files) >= 5 and not any(RUBRIC in path.read_text(encoding="utf-8") for path in files)


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
    request = urllib.request.Request(f"{formgrader.home}{path}", data=b"", method="POST", headers=formgrader.headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())


def test_in_the_browser_manual_grading_leads_to_the_answer_and_takes_a_grade(course, browser):
    """The way that the README describes, click by click."""
    formgrader = course.formgrader
    options = {"home": formgrader.home, "headers": formgrader.headers}
    with visit(browser, f"{formgrader.home}formgrader", **options) as shown:
        shown.page.wait_for_load_state("networkidle")
        assert shown.page.locator(".alert").count() == 0  # such as one that misses an exchange folder
        for name in ("Manual Grading", ASSIGNMENT, "04_inference", "Submission #1"):
            shown.page.locator("a:visible", has_text=name).last.click()
            shown.page.wait_for_load_state("networkidle")
        assert shown.page.locator(f"text={ANSWERS['top_k'].splitlines()[0]}").first.is_visible()
        assert shown.page.locator(f"text={RUBRIC}").is_visible()
        shown.page.fill(f"#{QUESTION}", "1")
        with shown.page.expect_response(lambda answer: answer.request.method == "PUT"):
            shown.page.press(f"#{QUESTION}", "Tab")
        assert [text for text in shown.errors if "MathJax" not in text] == []
        assert [url for url in shown.elsewhere if "/mathjax/" not in url] == []  # nbgrader's template asks for it
    assert course.find_question()["manual_score"] == 1
