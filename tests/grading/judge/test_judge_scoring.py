"""Points from a cell's outputs: errors win, a check passes only with its report, nothing else counts."""

from unittest.mock import create_autospec

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from helpers.checks.causes import CAUSES, MAX_NAMED
from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.answering.cell_result import COMPLETED, DIED, FORGED, TIMED_OUT, CellResult
from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.judge.notebook import grade_notebook
from helpers.grading.judge.scoring import judge_check
from helpers.grading.judge.template import needs_report, read_templates
from helpers.grading.notebooks.paths import RELEASE, list_notebooks, read_notebook
from helpers.grading.records import GRADED

GOOD = {"exercise": "top_k", "passed": True, "failures": []}
FAILURE = {"where": "", "got": "", "expected": "", "cause": "raised_error", "other_cause": None}
BAD = {"exercise": "top_k", "passed": False, "failures": [FAILURE]}


def make_check(source="check_top_k(top_k)", points=2) -> NotebookNode:
    cell = new_code_cell(source)
    rules = {"grade": True, "solution": False, "locked": True, "points": points, "grade_id": "x", "schema_version": 3}
    cell.metadata.nbgrader = NotebookNode(rules)
    return cell


def report(data):
    return new_output("display_data", data={CHECK_MIME_TYPE: data, "text/plain": "told"})


def error():
    return new_output("error", ename="CheckFailed", evalue="", traceback=[])


def judge(outputs, *, ok=True, state=COMPLETED, source="check_top_k(top_k)"):
    return judge_check(make_check(source), CellResult(state=state, ok=ok, outputs=outputs))


def test_a_good_report_earns_all_points():
    verdict = judge([report(GOOD)])
    assert (verdict.points, verdict.passed, verdict.causes) == (2.0, True, ())


def test_a_failure_earns_nothing_and_names_its_cause():
    verdict = judge([report(BAD), error()], ok=False)
    assert (verdict.points, verdict.passed, verdict.causes) == (0.0, False, ("raised_error",))


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [new_output("stream", name="stdout", text="✔ passed")],
        [new_output("execute_result", data={"text/plain": "1.0"})],
        [report(BAD)],
        [report(GOOD), report(BAD)],
        [report(GOOD), error()],
        [new_output("execute_result", data={"text/plain": "2.0"}), error()],
        [report(GOOD | {"passed": 1})],
        [report(GOOD | {"failures": [FAILURE]})],
        [report("passed")],
        [report([])],
    ],
)
def test_anything_else_earns_nothing(outputs):
    assert judge(outputs).points == 0.0


@pytest.mark.parametrize("state", [DIED, FORGED, TIMED_OUT])
def test_a_cell_that_did_not_end_earns_nothing(state):
    assert judge([report(GOOD)], state=state).points == 0.0


def test_a_cell_that_says_it_failed_earns_nothing():
    assert judge([report(GOOD)], ok=False).points == 0.0


def test_unknown_causes_are_dropped():
    strange = [FAILURE | {"cause": cause} for cause in ("<script>", 7, None, ["x"])]
    assert judge([report(BAD | {"failures": [*strange, "text"]}), error()], ok=False).causes == ()


def test_causes_cannot_spell_out_a_message():
    """Neither by their order nor by their number: hidden checks name them to students."""
    named = [FAILURE | {"cause": cause} for cause in reversed(CAUSES)]
    assert judge([report(BAD | {"failures": named}), error()], ok=False).causes == tuple(CAUSES)[:MAX_NAMED]
    assert judge([report(BAD | {"failures": named[:2]}), error()], ok=False).causes == tuple(CAUSES)[-2:]


def test_plain_asserts_are_graded_as_nbgrader_does():
    assert judge([], source="assert top_k").points == 2.0
    assert judge([error()], source="assert top_k", ok=False).points == 0.0
    assert judge([new_output("execute_result", data={"text/plain": "0.5"})], source="0.5").points == 0.5


def test_every_check_of_the_course_needs_its_report():
    checks = [
        cell
        for template in read_templates().values()
        for cell in template.cells.values()
        if cell.cell_type == "code" and cell.metadata.nbgrader.grade
    ]
    assert len(checks) > 80
    assert all(needs_report(cell.source) for cell in checks)


@pytest.mark.parametrize("path", list_notebooks(RELEASE), ids=lambda path: path.stem)
def test_of_an_untouched_notebook_everything_is_known_and_no_process_starts(path):
    server = create_autospec(ForkServer, instance=True)
    graded = grade_notebook(read_notebook(path), read_templates()[path.stem], server, work=".")
    checks = [cell for cell in graded.record.cells if not cell.needs_manual]
    assert server.mock_calls == []
    assert graded.record.status == GRADED and graded.record.reasons == ()
    assert all(cell.ran and cell.points == 0 for cell in checks)
    assert any("not_answered" in cell.causes for cell in checks)
