"""Time for a notebook and for a submission: whoever uses it up keeps what ran, and is not taken for a cheat."""

import sys
from types import SimpleNamespace

import pytest

from helpers.grading.answering.cell_result import COMPLETED, TIMED_OUT, CellResult
from helpers.grading.answering.session import open_session
from helpers.grading.judge import execution, notebook
from helpers.grading.judge.checks import make_error
from helpers.grading.judge.plan import GIVEN, OWN, Plan
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, IN_PART, Submission
from helpers.grading.whole_class import grade_submission as grading
from tests.support.small_course import ANSWERS, write_exercise, write_submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the sandbox, which Linux has")
SLEEPS = ANSWERS | {"read_labels": f"import time\ntime.sleep(2)\n{ANSWERS['read_labels']}"}
NEVER_ENDS = ANSWERS | {
    "read_labels": "def read_labels(text):\n    while ' red' in text:\n        pass\n    return text.split()"
}


@pytest.fixture(scope="module")
def server(tmp_path_factory, fork_server):
    with open_session(fork_server, str(tmp_path_factory.mktemp("work")), snapshots=0):
        pass  # it has started, so that no time is lost for that
    return fork_server


@pytest.fixture
def grade(server, tmp_path):
    exercise = write_exercise(tmp_path / "exercise")
    templates = read_templates(exercise / "solutions" / ASSIGNMENT)

    def grade(answers, *, cell_s=60.0):
        folder = write_submission(tmp_path / "handed_in", exercise, answers)
        return grading.grade_submission(Submission("ada", str(folder)), templates, server).record

    return grade


def read_points(record) -> dict[str, float | None]:
    return {cell.grade_id: cell.points for book in record.notebooks for cell in book.cells}


@pytest.mark.parametrize(
    ("state", "error", "expected"),
    [(COMPLETED, "NameError", True), (COMPLETED, "SyntaxError", False), (TIMED_OUT, "TimeoutError", False)],
)
def test_a_cell_that_did_not_end_is_not_run_again_with_all_given_cells(state, error, expected):
    run = SimpleNamespace(
        plan=Plan({"demonstration": GIVEN, "own": OWN}, frozenset({"own"})),
        template=SimpleNamespace(released_sources={}),
        cells=[SimpleNamespace(id="own", source="while True:\n    pass")],
        results={"own": CellResult(state=state, outputs=[make_error(error, "what it says")])},
    )
    assert notebook._misses_something(run) is expected


def test_a_notebook_that_takes_too_long_keeps_what_ran(grade, monkeypatch):
    monkeypatch.setattr(execution, "NOTEBOOK_S", 1.0)
    record = grade(SLEEPS)
    points = read_points(record)
    assert record.status == IN_PART
    assert points["describe_photo_usual"] == 1
    assert points["read_labels_usual"] == 0
    assert points["top_k_usual"] == points["top_k_other_k"] == 1  # the other notebook has a time of its own
    assert "01_setup: The time was over at the end of the notebook" in record.reasons[0]


def test_a_submission_that_takes_too_long_keeps_what_ran(grade, monkeypatch):
    monkeypatch.setattr(grading, "SUBMISSION_S", 1.0)
    record = grade(SLEEPS)
    points = read_points(record)
    assert record.status == IN_PART
    assert points["describe_photo_usual"] == 1
    assert points["read_labels_usual"] == points["top_k_usual"] == 0
    assert points["explain_eval"] is None  # text needs no time: a person looks at it


def test_enough_time_changes_nothing(grade):
    assert grade(SLEEPS).status == GRADED


def test_a_check_that_uses_up_the_time_is_no_attack(grade, monkeypatch):
    monkeypatch.setattr(execution, "NOTEBOOK_S", 2.0)
    monkeypatch.setattr(execution, "CHECKS_S", 2.0)
    record = grade(NEVER_ENDS)
    points = read_points(record)
    assert record.status == IN_PART
    assert points["read_labels_usual"] == points["describe_photo_modes"] == 1
    assert points["read_labels_unusual"] == 0
