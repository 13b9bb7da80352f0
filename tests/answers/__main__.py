"""Grade the corpus and print what became of it: python -m tests.answers [EXERCISE ...]"""

import argparse
import os
import sys
from functools import partial

from tqdm import tqdm

from helpers.checks.class_seed import NO_CLASS, use_class_seed
from helpers.exercises import EXERCISES
from helpers.grading.notebooks.paths import BUILD
from tests.answers.conditions import Conditions
from tests.answers.corpus import read_entries
from tests.answers.grading import ACROSS, EVERY_CELL, WHOLE, grade_entries, list_possible
from tests.answers.in_process import IN_PROCESS, judge_here
from tests.answers.mutant_results import count_caught
from tests.answers.verdicts import Verdict, find_failures, make_table, write_csv


def main() -> int:
    """Grade all entries, or those of the exercises named; exit code 1 if an exercise's checks are not good enough."""
    parser = argparse.ArgumentParser(prog="tests.answers")
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=0, help="a number to add to every seed of the checks")
    parser.add_argument("--class-seed", default=NO_CLASS, help="the seed of a class, from which hidden checks draw")
    parser.add_argument("--threads", type=int, default=1, help="torch threads of the submitted code")
    parser.add_argument("--busy", type=int, default=0, help="processes that make the machine slow meanwhile")
    parser.add_argument("--way", choices=(ACROSS, WHOLE, EVERY_CELL, IN_PROCESS), default=ACROSS)
    options = parser.parse_args()
    conditions = Conditions(options.seed, options.threads, options.busy, options.class_seed)
    names = options.exercises or [exercise.id for exercise in EXERCISES]
    entries = [entry for name in names for entry in read_entries(name, list_possible(name))]
    progress = partial(tqdm, total=len(entries), desc="Answers", unit="answer", file=sys.stdout)
    if options.way == IN_PROCESS:
        with use_class_seed(options.class_seed):
            graded = [(entry, judge_here(entry)) for entry in tqdm(entries, unit="answer", file=sys.stdout)]
    else:
        grading = {"workers": options.workers, "conditions": conditions, "way": options.way}
        graded = grade_entries(entries, **grading, progress=progress)
    verdicts = [Verdict(*pair) for pair in graded]
    print(make_table(verdicts, mutants=count_caught(BUILD / "mutants.csv")).to_string())
    misses = [verdict for verdict in verdicts if not verdict.is_right]
    for verdict in misses:
        print(f"MISS {verdict.entry.exercise}, {verdict.entry.title}: {verdict.explain()}")
    write_csv(BUILD / "answers.csv", verdicts)
    print(f"{len(verdicts) - len(misses)} of {len(verdicts)} as expected; every entry is in build/answers.csv")
    failures = find_failures(verdicts)
    print(*failures, sep="\n", end="\n" if failures else "")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
