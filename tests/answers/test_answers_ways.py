"""Which way an answer is graded decides nothing: in the notebook's own process, across the line, with every cell, in
any class."""

import os

import pytest

from helpers.checks.class_seed import NO_CLASS, use_class_seed
from helpers.exercises import EXERCISES
from tests.answers.conditions import Conditions
from tests.answers.corpus import CorpusEntry, read_entries
from tests.answers.grading import ACROSS, EVERY_CELL, WHOLE, grade_entries, list_possible
from tests.answers.in_process import judge_here
from tests.answers.verdicts import Verdict
from tests.support.require_sandbox import require_sandbox

IDS = [exercise.id for exercise in EXERCISES]


@pytest.mark.parametrize("choose", ["some", pytest.param("all", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("exercise", IDS)
def test_in_the_notebooks_own_process_answers_get_the_points_and_causes_of_the_corpus(exercise, choose):
    entries = read_entries(exercise, list_possible(exercise)) if choose == "all" else choose_entries(exercise)
    verdicts = [Verdict(entry, judge_here(entry)) for entry in entries]
    assert [f"{verdict.entry.title}: {verdict.explain()}" for verdict in verdicts if not verdict.has_points] == []
    misnamed = [f"{verdict.entry.title}: {verdict.explain()}" for verdict in verdicts if not verdict.is_named]
    assert len(misnamed) <= len(verdicts) * 0.05, misnamed


@pytest.fixture(scope="module", params=[(WHOLE, NO_CLASS), (EVERY_CELL, NO_CLASS), (ACROSS, "a class")], ids=str)
def graded(request):
    """Of every exercise a right answer and a wrong one: in its whole notebook, or with a class's seed."""
    require_sandbox()
    way, class_seed = request.param
    entries = [entry for exercise in IDS for entry in choose_entries(exercise)]
    conditions = Conditions(class_seed=class_seed)
    return grade_entries(entries, workers=os.cpu_count() or 1, way=way, conditions=conditions)


def choose_entries(exercise: str) -> list[CorpusEntry]:
    entries = read_entries(exercise, list_possible(exercise))
    return [next(entry for entry in entries if entry.cause), entries[-1]]


@pytest.mark.parametrize("class_seed", ["another class", "a third one"])
def test_in_any_class_an_answer_gets_the_same_points_and_causes(class_seed):
    for entry in (entry for exercise in IDS for entry in choose_entries(exercise)):
        usual = judge_here(entry)
        with use_class_seed(class_seed):
            drawn = judge_here(entry)
        assert (drawn.points, drawn.causes) == (usual.points, usual.causes), (entry.exercise, entry.title)


@pytest.mark.thorough  # test_answers.py grades across the line, and the test above draws for other classes
def test_graded_in_another_way_an_answer_gets_the_same_points_and_causes(graded):
    different = []
    for entry, outcome in graded:
        here = judge_here(entry)
        if (outcome.points, set(outcome.causes)) != (here.points, set(here.causes)):
            different.append((entry.exercise, entry.title, outcome, here))
    assert different == []
