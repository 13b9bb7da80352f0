"""Grade one class with plain nbgrader and with the harness, and compare scores and what it took.

python -m helpers.grading.bench_grading        about 40 minutes on two cores; writes build/bench-grading.csv
"""

import argparse
import os
import sys
from collections.abc import Sequence

from helpers.grading.bench_grading.rows import Row, count_overhead_s, describe_machine, format_rows, write_csv
from helpers.grading.bench_grading.run import NAMES, run_bench
from helpers.grading.bench_grading.sides import ONE_THREAD, PLAIN, SideFailed
from helpers.grading.notebooks import BUILD

SHORT_NAMES = dict(zip(("plain", "one-thread", "harness", "floor"), NAMES, strict=True))
RATIO_GOALS = {PLAIN: 8.0, ONE_THREAD: 5.0}
OVERHEAD_GOAL_S = 1.0
_BUSY = 0.5  # other programs at work, on average


def main(argv: Sequence[str] | None = None) -> int:
    """Run the comparison; exit code 1 if the scores differ, 2 if a side failed, else 0 whatever the figures are."""
    options = parse_arguments(argv)
    if os.getloadavg()[0] > _BUSY:
        print(f"Other programs are at work (load {os.getloadavg()[0]:.1f}): the figures will be noisy.", flush=True)
    names = [SHORT_NAMES[name] for name in options.only]
    try:
        rows, differences = run_bench(
            names, students=options.students, rounds=options.rounds, folder=BUILD / "bench-grading"
        )
    except (SideFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    write_csv(rows, BUILD / "bench-grading.csv")
    print(f"\n{describe_measuring(options)}\n\n{format_rows(rows)}\n")
    for line in [*judge(rows), *describe_scores(differences, sides=len(rows))]:
        print(line)
    print(f"\nWritten: {BUILD.name}/bench-grading.csv; gradebooks and logs are in {BUILD.name}/bench-grading/")
    return int(bool(differences))


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser("bench_grading", description="Compare the harness with plain nbgrader.")
    parser.add_argument("--students", type=int, default=12, help="submissions (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often the sides take turns (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=SHORT_NAMES, default=list(SHORT_NAMES), metavar="SIDE")
    options = parser.parse_args(argv)
    if not 1 <= options.rounds <= options.students:
        parser.error("--rounds must be at least 1, and at most as many as --students.")
    return options


def describe_measuring(options: argparse.Namespace) -> str:
    """Say what was measured, and how."""
    machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
    return (
        f"{options.students} submissions of seven notebooks; {options.rounds} rounds, the sides in turn, every second\n"
        "round in reversed order. In each the harness grades all of them, the other sides a share; the shares add up\n"
        "to all. Seconds run from a command's start to its end, start-up included (also that of each share);\n"
        "CPU-seconds are those of all its descendants, as the kernel counted them. Peak MB is the largest sum of\n"
        "their PSS, sampled. The floor is the notebooks' code alone, hidden checks too, in forks where everything is\n"
        "imported already.\n"
        f"{os.cpu_count()} cores; {machine}"
    )


def judge(rows: Sequence[Row]) -> list[str]:
    """Return a line for each goal: what was aimed at, what came."""
    lines = [
        _tell(
            f"Harness: {row.wall_ratio:.2f} times as fast as {row.side}", f"at least {goal:g}", row.wall_ratio >= goal
        )
        for row in rows
        if (goal := RATIO_GOALS.get(row.side)) and row.wall_ratio
    ]
    overhead_s = count_overhead_s(rows)
    if overhead_s is not None:
        reached = overhead_s <= OVERHEAD_GOAL_S
        lines.append(
            _tell(f"Above the floor: {overhead_s:.2f} CPU-s a notebook", f"at most {OVERHEAD_GOAL_S}", reached)
        )
    return lines


def _tell(what: str, goal: str, reached: bool) -> str:
    return f"{what} (goal: {goal}): {'reached' if reached else 'NOT reached'}."


def describe_scores(differences: Sequence[str], *, sides: int) -> list[str]:
    """Say whether all sides gave the same scores."""
    if differences:
        return ["Scores DIFFER:", *(f"  {line}" for line in differences)]
    return ["All sides gave the same scores, cell by cell."] if sides > 1 else []


if __name__ == "__main__":
    sys.exit(main())
