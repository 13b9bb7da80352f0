"""Which machine runs the notebook, and what is cut for it."""

import pytest

from helpers.run_mode import cut_for_grading, is_graded_run, is_short_run


@pytest.mark.parametrize(
    ("variables", "graded", "short"),
    [
        ({}, False, False),
        ({"EXERCISE_PROFILE": "short"}, False, True),
        ({"EXERCISE_PROFILE": "long"}, False, False),
        ({"NBGRADER_EXECUTION": "autograde"}, True, True),
    ],
)
def test_who_runs_the_notebook(variables, graded, short, monkeypatch):
    for name in ("EXERCISE_PROFILE", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert (is_graded_run(), is_short_run()) == (graded, short)
    assert cut_for_grading(["a", "b", "c"]) == (["a"] if graded else ["a", "b", "c"])
    assert cut_for_grading(["a", "b", "c"], keep=2) == (["a", "b"] if graded else ["a", "b", "c"])
