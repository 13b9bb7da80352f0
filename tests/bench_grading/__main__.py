"""Grade one class with plain nbgrader and with the harness, and compare scores and what it took.

python -m tests.bench_grading        about 30 minutes on two cores; writes build/bench-grading.csv

Before that it takes apart what one solved submission costs.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from helpers.grading.notebooks.paths import BUILD
from tests.bench_grading.honest import KINDS
from tests.bench_grading.parts import Parts, format_parts, measure_parts, sum_up
from tests.bench_grading.rows import GradingRow, describe_machine, format_rows, write_csv
from tests.bench_grading.run import run_bench
from tests.bench_grading.sides import HARNESS, ONE_THREAD, PLAIN, SideFailed

SHORT_NAMES = {"plain": PLAIN, "one-thread": ONE_THREAD, "harness": HARNESS}
RATIO_GOAL = 50.0  # against nbgrader as it comes
CPU_GOAL_S = 2.7  # for a solved submission
_BUSY = 0.5  # other programs at work, on average


def main(argv: Sequence[str] | None = None) -> int:
    """Run the comparison; exit code 1 if the scores differ, 2 if a side failed, else 0 whatever the figures are."""
    options = parse_arguments(argv)
    if os.getloadavg()[0] > _BUSY:
        print(f"Other programs are at work (load {os.getloadavg()[0]:.1f}): the figures will be noisy.", flush=True)
    names = [SHORT_NAMES[name] for name in options.only]
    parts = measure_parts()
    print(format_parts(parts), flush=True)
    size = {"students": options.students, "few": options.few, "rounds": options.rounds}
    try:
        rows, differences = run_bench(names, **size, folder=BUILD / "bench-grading")
    except (SideFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    write_csv(rows, BUILD / "bench-grading.csv")
    print(f"\n{describe_measuring(options)}\n\n{format_rows(rows)}\n")
    for line in [*judge(rows, parts), *describe_scores(differences, sides=len(rows))]:
        print(line)
    print(f"\nWritten: {BUILD.name}/bench-grading.csv; gradebooks and logs are in {BUILD.name}/bench-grading/")
    return int(bool(differences))


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("bench_grading", description="Compare the harness with plain nbgrader.")
    parser.add_argument("--students", type=int, default=60, help="submissions (default: %(default)s)")
    parser.add_argument("--few", type=int, default=6, help="of them for the other sides (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often the sides take turns (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=SHORT_NAMES, default=list(SHORT_NAMES), metavar="SIDE")
    options = parser.parse_args(argv)
    if not 1 <= options.rounds <= options.few <= min(options.students, len(KINDS)):
        parser.error(f"--rounds must be at least 1, --few from there to --students, and at most {len(KINDS)}.")
    return options


def describe_measuring(options: argparse.Namespace) -> str:
    """Say what was measured, and how."""
    machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
    return (
        f"{options.students} submissions of seven notebooks; {options.rounds} rounds, the sides in turn, every second\n"
        f"round in reversed order. In each the harness grades all of them, the other sides a share; the shares add up\n"
        f"to the first {options.few}, and the class is made of their kinds. Seconds run from a command's start to its\n"
        "end, start-up included (also that of each share); CPU-seconds are those of all its descendants, as the\n"
        "kernel counted them. Peak MB is the largest sum of their PSS, sampled.\n"
        f"{os.cpu_count()} cores; {machine}"
    )


def judge(rows: Sequence[GradingRow], parts: Mapping[str, Parts]) -> list[str]:
    """Return a line for each goal: what was aimed at, what came."""
    lines = [
        _tell(
            f"Harness: {row.wall_ratio:.1f} times as fast as {row.side}",
            f"at least {RATIO_GOAL:g}",
            row.wall_ratio >= RATIO_GOAL,
        )
        for row in rows
        if row.side == PLAIN and row.wall_ratio
    ]
    cpu_s = sum_up(parts).all_s
    return [*lines, _tell(f"A solved submission: {cpu_s:.2f} CPU-s", f"at most {CPU_GOAL_S}", cpu_s <= CPU_GOAL_S)]


def _tell(what: str, goal: str, reached: bool) -> str:
    return f"{what} (goal: {goal}): {'reached' if reached else 'NOT reached'}."


def describe_scores(differences: Sequence[str], *, sides: int) -> list[str]:
    """Say whether all sides gave the same scores."""
    if differences:
        return ["Scores DIFFER:", *(f"  {line}" for line in differences)]
    return ["All sides gave the same scores, cell by cell."] if sides > 1 else []


if __name__ == "__main__":
    sys.exit(main())
