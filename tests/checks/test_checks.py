"""What all checks share: collecting, showing, counting, and leaving no traces."""

import json
import os
import random
import warnings

import numpy as np
import pytest
import torch
from PIL import ImageFile

from helpers.checks import progress, report
from helpers.checks.causes import CAUSES
from helpers.checks.describe import describe
from helpers.checks.report import MAX_FAILURES_SHOWN, checking
from helpers.checks.values import as_integer, as_number


class Hostile:
    """An object that breaks whoever looks at it."""

    def __repr__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None


def check_with(body):
    def check():
        with checking("read_labels", "works") as collected:
            body(collected)

    return check


def test_all_failures_are_collected(run_check):
    def body(check):
        for number in range(MAX_FAILURES_SHOWN + 2):
            with check.probe(f"input {number}"):
                check.stop("wrong_values", got="1", expected="2")

    result = run_check(check_with(body))
    assert result.causes == ["wrong_values"] * (MAX_FAILURES_SHOWN + 2)
    assert "... and 2 more" in result.text


def test_a_failure_names_its_cause_and_says_what_came(run_check):
    def body(check):
        with check.probe("a file of 3 labels"):
            check.fail("newline_kept", got=["a\n"], expected=["a"], other_cause="labels_garbled")

    text = " ".join(run_check(check_with(body)).text.split())
    for part in (
        "a file of 3 labels",
        r"['a\n']",
        "['a']",
        "(newline_kept)",
        "(labels_garbled)",
        CAUSES["newline_kept"],
    ):
        assert part in text


def test_an_unknown_cause_is_a_mistake_of_the_check(run_check):
    with pytest.raises(AssertionError), checking("read_labels", "works") as check:
        check.fail("no_such_cause", got="1", expected="2")


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(1), RecursionError(), NotImplementedError("softmax")])
def test_an_error_in_the_students_code_is_a_failure(run_check, error):
    def student():
        raise error

    def body(check):
        with check.probe("nothing"):
            check.call(student)

    assert run_check(check_with(body)).causes == ["raised_error"]


def test_a_strange_result_arrives_as_words_and_equals_nothing(run_check):
    def body(check):
        with check.probe("nothing"):
            check.expect(check.call(Hostile) == 1, "wrong_values", got="", expected="")

    assert run_check(check_with(body)).causes == ["wrong_values"]


def test_an_error_of_the_check_itself_is_a_failure_not_a_crash(run_check):
    def body(check):
        with check.probe("nothing"):
            check.expect(check.call(lambda: "text") > 1, "wrong_values", got="", expected="")

    assert run_check(check_with(body)).causes == ["cannot_compare"]


def test_a_stop_that_no_failure_was_noted_for_is_a_failure(run_check):
    def body(check):
        with check.probe("nothing"):
            raise report._ProbeStopped

    assert run_check(check_with(body)).causes == ["cannot_compare"]


def test_describe_never_raises():
    assert describe(Hostile()) == "an object of type Hostile"
    assert "None" in describe(None)
    assert "(2, 3), float32" in describe(torch.zeros(2, 3))
    assert "(0,)" in describe(np.zeros(0))
    assert len(describe("x" * 10_000)) < 200


def test_global_state_is_put_back(run_check, tmp_path):
    folder, threads, state = os.getcwd(), torch.get_num_threads(), random.getstate()

    def body(check):
        with check.probe("nothing"):
            os.chdir(tmp_path)
            torch.set_grad_enabled(False)
            torch.set_default_dtype(torch.float64)
            torch.set_default_device("meta")
            torch.set_num_threads(threads + 1)
            torch.manual_seed(1)
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            warnings.simplefilter("error")
            random.random()

    torch_state, filters = torch.get_rng_state(), warnings.filters[:]
    run_check(check_with(body))
    assert os.getcwd() == folder
    assert torch.is_grad_enabled()
    assert torch.get_default_dtype() == torch.float32
    assert torch.get_default_device().type == "cpu"
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    assert random.getstate() == state
    assert warnings.filters == filters


@pytest.mark.parametrize("value", [7, np.int64(7), torch.tensor(7), torch.tensor([7]), np.array([7])])
def test_whole_numbers_of_any_type(value):
    assert as_integer(value) == 7


@pytest.mark.parametrize("value", [True, 7.0, "7", None, torch.tensor([7, 8]), torch.tensor(True), np.bool_(True)])
def test_what_is_not_a_whole_number(value):
    assert as_integer(value) is None


def test_numbers():
    assert as_number(torch.tensor(0.5)) == 0.5
    assert as_number(np.float32(0.5)) == 0.5
    assert as_number("0.5") is None
    assert as_number(True) is None


@pytest.fixture
def progress_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("EXERCISE_PROGRESS", raising=False)
    monkeypatch.setattr(progress, "_results_of_this_kernel", {})
    return tmp_path


def test_progress_outlives_the_kernel(progress_folder, monkeypatch):
    progress.record_result("read_labels", "one", passed=True)
    monkeypatch.setattr(progress, "_results_of_this_kernel", {})
    after = progress.record_result("count_layers", "one", passed=True)
    assert (after.passed_here, after.passed_in_all) == (1, 2)
    assert str(after).endswith("in all")


def test_an_exercise_counts_when_all_its_checks_pass(progress_folder):
    progress.record_result("read_labels", "one", passed=True)
    assert progress.record_result("read_labels", "two", passed=False).passed_here == 0
    assert progress.record_result("read_labels", "two", passed=True).passed_here == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"read_labels": 3}', '{"read_labels": {"x": true}, "gone": {}}']
)
def test_a_damaged_progress_file_stops_nothing(progress_folder, text):
    (progress_folder / progress.PROGRESS_FILE).write_text(text)
    assert progress.record_result("describe_photo", "one", passed=True).passed_here >= 1


def test_headless_runs_leave_no_file(progress_folder, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    progress.record_result("read_labels", "one", passed=True)
    assert list(progress_folder.iterdir()) == []


def test_the_data_beside_the_text_is_plain_json(monkeypatch):
    published = []
    monkeypatch.setenv("EXERCISE_PROGRESS", "off")
    monkeypatch.setattr(report, "display", lambda data, raw: published.append(data))
    with pytest.raises(report.CheckFailed), checking("read_labels", "works") as check, check.probe("x"):
        check.fail("newline_kept", got=torch.zeros(2), expected=Hostile())
    data = json.loads(json.dumps(published[0][report.CHECK_MIME_TYPE]))
    assert data["failures"][0]["cause"] == "newline_kept"
    assert data["passed"] is False
