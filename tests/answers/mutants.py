"""Spoil every solution in small ways, and see that each spoilt one loses points: python -m tests.answers.mutants."""

import argparse
import ast
import copy
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from helpers.exercises import EXERCISES
from helpers.grading.commands.demonstration_class import read_solutions
from helpers.grading.notebooks.paths import BUILD
from tests.answers.grading import Outcome, grade_answer, make_pool
from tests.answers.mutant_results import (
    CAUGHT,
    SURVIVED,
    are_enough_caught,
    are_few_equivalent,
    judge_mutant,
    make_table,
    read_equivalents,
    write_csv,
)
from tests.answers.mutations import list_changes, walk

CELL_S = 10.0  # some mutants never end


@dataclass(frozen=True)
class Mutant:
    """One spoilt solution. `name` says line and change; `line` is the source line before it."""

    exercise: str
    name: str
    line: str
    code: str


def main() -> int:
    """Grade the mutants of all exercises, or of those named; exit code 1 if too few are caught."""
    parser = argparse.ArgumentParser(prog="tests.answers.mutants")
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    try:
        mutants = list_mutants(options.exercises or [exercise.id for exercise in EXERCISES])
        equivalents = read_equivalents(mutants)
    except ValueError as error:
        sys.exit(str(error))
    solutions = list_solutions(mutants)
    graded = grade_mutants([*solutions, *mutants], workers=options.workers)
    failing = find_failing(solutions, graded)
    if failing:
        sys.exit(f"Unchanged, the solutions of {', '.join(failing)} do not pass: mend them or their checks first.")
    outcomes = graded[len(solutions) :]
    verdicts = [judge_mutant(*pair, equivalents) for pair in zip(mutants, outcomes, strict=True)]
    print(make_table(mutants, verdicts).to_string())
    for mutant, verdict in zip(mutants, verdicts, strict=True):
        if verdict == SURVIVED:
            print(f"SURVIVED {mutant.exercise}, {mutant.name}\n    {mutant.line}")
    write_csv(BUILD / "mutants.csv", mutants, outcomes, verdicts)
    few_listed = bool(options.exercises) or are_few_equivalent(verdicts)
    return 0 if are_enough_caught(verdicts) and few_listed else 1


def list_mutants(exercises: Iterable[str]) -> list[Mutant]:
    """Return the mutants of these exercises' solutions. Raises ValueError for a name that is no exercise."""
    solutions, known = read_solutions(), {exercise.id for exercise in EXERCISES}
    exercises = list(exercises)
    unknown = set(exercises) - known
    if unknown:
        raise ValueError(f"There is no exercise {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}.")
    return [mutant for name in exercises for mutant in make_mutants(name, solutions[name])]


def list_solutions(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return the unchanged solutions of the mutants' exercises: where these fail, every mutant would seem caught."""
    solutions = read_solutions()
    return [Mutant(name, "unchanged", "", solutions[name]) for name in dict.fromkeys(one.exercise for one in mutants)]


def find_failing(solutions: Iterable[Mutant], outcomes: Iterable[Outcome]) -> list[str]:
    """Return the exercises whose solution did not get full points."""
    pairs = zip(solutions, outcomes, strict=False)
    return [solution.exercise for solution, outcome in pairs if judge_mutant(solution, outcome, ()) == CAUGHT]


def grade_mutants(mutants: Sequence[Mutant], *, workers: int) -> list[Outcome]:
    """Grade all mutants in parallel as a student's answers are graded; return the outcomes in order."""
    exercises, codes = [mutant.exercise for mutant in mutants], [mutant.code for mutant in mutants]
    with make_pool(workers) as pool:
        outcomes = pool.map(grade_answer, exercises, codes, [CELL_S] * len(codes))
        return list(tqdm(outcomes, total=len(mutants), desc="Mutants", unit="mutant", file=sys.stdout))


def make_mutants(exercise: str, source: str) -> list[Mutant]:
    """Return the mutants of one solution cell, always in the same order, each compiled and different."""
    original, lines, mutants = ast.parse(source), source.splitlines(), {}
    seen = {ast.unparse(original)}
    for number, node in enumerate(walk(original)):
        for place, (line, change, _) in enumerate(list_changes(node)):
            code = _make_change(original, number, place)
            if code not in seen:
                seen.add(code)
                compile(code, exercise, "exec")
                name = _make_name(f"line {line}: {change}", mutants)
                mutants[name] = Mutant(exercise, name, lines[line - 1].strip(), code)
    return list(mutants.values())


def _make_change(original: ast.Module, number: int, place: int) -> str:
    tree = copy.deepcopy(original)
    _, _, change = list_changes(list(walk(tree))[number])[place]
    change()
    return ast.unparse(ast.fix_missing_locations(tree))


def _make_name(name: str, taken: Iterable[str]) -> str:
    repeat = sum(other == name or other.startswith(f"{name} (") for other in taken)
    return f"{name} ({repeat + 1})" if repeat else name


if __name__ == "__main__":
    sys.exit(main())
