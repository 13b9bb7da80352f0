"""The mutants of a solution: each is one change, compiles, has a name of its own, and always the same one."""

import ast
from pathlib import Path

import pytest

from helpers.exercises import EXERCISES
from helpers.grading.records import GRADED, IN_PART
from tests.answers.grading import Outcome, list_possible
from tests.answers.mutant_results import (
    CAUGHT,
    EQUIVALENT,
    SURVIVED,
    are_enough_caught,
    are_few_equivalent,
    count_caught,
    judge_mutant,
    make_table,
    read_equivalents,
    write_csv,
)
from tests.answers.mutants import Mutant, find_failing, list_mutants, list_solutions, make_mutants

SOURCE = '''
@torch.no_grad()
def clip(values, low=0, high=1.5):
    """Cut off what is too small or too large."""
    if low > high and not values:
        raise ValueError(f"low must be below {high}")
    with torch.no_grad():
        kept = [min(v, high) for v in values if v >= low]
    try:
        return kept, sorted(kept, reverse=True)
    except (TypeError, ValueError):
        return None
'''
MUTANTS = make_mutants("top_k", SOURCE)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("line 2: without decorator torch.no_grad()", "def clip"),
        ("line 3: 0 -> 1", "low=1"),
        ("line 3: 1.5 -> 3.0", "high=3.0"),
        ("line 5: condition negated", "if not (low > high and (not values))"),
        ("line 5: Gt -> GtE", "low >= high"),
        ("line 5: And -> Or", "low > high or"),
        ("line 6: without raise ValueError(f'low must be below {high}')", "        pass\n"),
        ("line 7: without with torch.no_grad():", '"""\n    if low > high'),
        ("line 7: without with torch.no_grad(): around", "    kept = [min"),
        ("line 8: arguments 1 and 2 of min swapped", "min(high, v)"),
        ("line 8: condition v >= low negated", "if not v >= low"),
        ("line 10: returned values swapped", "return (sorted(kept, reverse=True), kept)"),
        ("line 10: True -> False", "reverse=False"),
        ("line 10: sorted without reverse", "sorted(kept)"),
        ("line 11: TypeError not caught", "(ValueError,)"),
        ("line 11: every Exception caught", "except Exception"),
    ],
)
def test_a_mutant_has_its_name_and_its_change(name, there):
    found = [mutant for mutant in MUTANTS if mutant.name == name]
    assert len(found) == 1 and there in found[0].code


def test_mutants_are_different_and_leave_texts_alone():
    codes = [ast.unparse(ast.parse(SOURCE)), *(mutant.code for mutant in MUTANTS)]
    assert len(set(codes)) == len(codes)
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    assert all("Cut off what is too small or too large." in mutant.code for mutant in MUTANTS)


def test_the_same_mutants_come_every_time():
    assert make_mutants("top_k", SOURCE) == MUTANTS


def test_every_exercise_has_mutants_and_the_list_names_only_those():
    mutants = list_mutants([exercise.id for exercise in EXERCISES])
    assert {mutant.exercise for mutant in mutants} == {exercise.id for exercise in EXERCISES}
    read_equivalents(mutants)


@pytest.mark.parametrize("text", ['[top_k]\n"line 1: 1 -> 2" = "why"\n', '[no_exercise]\n"line 1: 1 -> 2" = "why"\n'])
def test_a_list_that_names_something_unknown_is_refused(tmp_path: Path, text):
    path = tmp_path / "equivalents.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="line 1: 1 -> 2"):
        read_equivalents(MUTANTS, path)


def test_verdicts(monkeypatch):
    monkeypatch.setattr("tests.answers.mutant_results.list_possible", lambda exercise: {"a": 1.0, "b": 2.0})
    mutant = Mutant("top_k", "line 1: 1 -> 2", "1", "2")
    full, less = {"a": 1.0, "b": 2.0}, {"a": 1.0, "b": 0.0}
    assert judge_mutant(mutant, Outcome(less, (), "graded"), ()) == CAUGHT
    assert judge_mutant(mutant, Outcome(full, (), "graded in part"), ()) == CAUGHT
    assert judge_mutant(mutant, Outcome(full, (), "graded"), ()) == SURVIVED
    assert judge_mutant(mutant, Outcome(full, (), "graded"), {("top_k", mutant.name)}) == EQUIVALENT


def test_the_table_counts_and_the_shares_decide():
    verdicts = [CAUGHT] * 95 + [SURVIVED] * 5
    mutants = [Mutant("top_k", str(number), "", "") for number in range(100)]
    assert make_table(mutants, verdicts).loc["all"].tolist() == [100, 95, 0, 5]
    assert are_enough_caught(verdicts)
    assert not are_enough_caught([CAUGHT] * 94 + [SURVIVED] * 6)
    assert are_few_equivalent([CAUGHT] * 90 + [EQUIVALENT] * 10)
    assert not are_few_equivalent([CAUGHT] * 89 + [EQUIVALENT] * 11)


def test_a_solution_that_fails_unchanged_is_noticed():
    """Where everything fails, every mutant would seem caught."""
    solutions = list_solutions(make_mutants("top_k", SOURCE))
    assert [(solution.exercise, solution.name) for solution in solutions] == [("top_k", "unchanged")]
    full = list_possible("top_k")
    assert find_failing(solutions, [Outcome(full, (), GRADED)]) == []
    assert find_failing(solutions, [Outcome(dict.fromkeys(full, 0.0), (), GRADED)]) == ["top_k"]
    assert find_failing(solutions, [Outcome(full, (), IN_PART)]) == ["top_k"]


def test_the_corpus_is_told_how_many_were_caught(tmp_path):
    path, mutants = tmp_path / "mutants.csv", MUTANTS[:4]
    assert count_caught(path) == {}
    write_csv(path, mutants, [Outcome({}, (), GRADED)] * 4, [CAUGHT, CAUGHT, SURVIVED, EQUIVALENT])
    assert count_caught(path) == {"top_k": "2 of 3"}
