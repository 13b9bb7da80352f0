"""Which way an answer is graded decides nothing: in the notebook's own process, across the line, with every cell."""

import os

import pytest
from require_sandbox import require_sandbox

from helpers.exercises import EXERCISES
from tests.answers.corpus import Entry, read_entries
from tests.answers.grading import EVERY_CELL, WHOLE, grade_entries, list_possible
from tests.answers.in_process import judge_here
from tests.answers.verdicts import Verdict

IDS = [exercise.id for exercise in EXERCISES]


@pytest.mark.parametrize("exercise", IDS)
def test_in_the_notebooks_own_process_answers_get_the_points_and_causes_of_the_corpus(exercise):
    verdicts = [Verdict(entry, judge_here(entry)) for entry in read_entries(exercise, list_possible(exercise))]
    assert [f"{verdict.entry.title}: {verdict.explain()}" for verdict in verdicts if not verdict.has_points] == []
    misnamed = [f"{verdict.entry.title}: {verdict.explain()}" for verdict in verdicts if not verdict.is_named]
    assert len(misnamed) <= len(verdicts) * 0.05, misnamed


@pytest.fixture(scope="module", params=[WHOLE, EVERY_CELL])
def graded(request):
    """Of every exercise a right answer and a wrong one, each in its whole notebook; `make test-answers` takes all."""
    require_sandbox()
    entries = [entry for exercise in IDS for entry in choose_entries(exercise)]
    return grade_entries(entries, workers=os.cpu_count() or 1, way=request.param)


def choose_entries(exercise: str) -> list[Entry]:
    entries = read_entries(exercise, list_possible(exercise))
    return [next(entry for entry in entries if entry.cause), entries[-1]]


def test_in_its_whole_notebook_an_answer_gets_the_same_points_and_causes(graded):
    different = []
    for entry, outcome in graded:
        here = judge_here(entry)
        if (outcome.points, set(outcome.causes)) != (here.points, set(here.causes)):
            different.append((entry.exercise, entry.title, outcome, here))
    assert different == []
