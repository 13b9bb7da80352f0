"""Grade a large class in one run, and compare with a small one: memory, CPU-seconds, what became of everybody.

make bench-class, or python -m tests.bench_grading.large --students 300: about 20 minutes on two cores.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from helpers.grading.notebooks.paths import BUILD
from helpers.grading.records import STATUSES
from tests.bench_grading.class_of import list_names
from tests.bench_grading.large_run import LargeRun, grade_class_of
from tests.bench_grading.sides import SideFailed

CPU_GOAL = 0.15  # how far the medians may be apart
MEMORY_GOAL = 0.20  # how much larger the peak of the large class may be
GRADING_GOAL_MIN = 8.0  # to the last record


def describe_runs(small: LargeRun, large: LargeRun) -> list[str]:
    """Return lines on both runs, and on what was aimed at."""
    lines = []
    for run in (small, large):
        counts = Counter(record.status for record in run.records.values())
        told = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
        lines += [
            f"{run.students} submissions: {run.usage.wall_s / 60:.1f} minutes, exit code {run.usage.status}; {told}",
            f"    {run.phases.start_up_s:.1f} s up to the first record, {run.phases.grading_s:.1f} s to the last one, "
            f"{run.phases.feedback_s:.1f} s for the pages, {run.phases.end_s:.1f} s for exports and report",
            f"    CPU-s a submission: {run.median_cpu_s:.2f} (median of what the sandbox counted), "
            f"{run.usage.cpu_s / run.students:.2f} (mean of everything, start-up included)",
            f"    largest resident memory: grader {run.find_peak_mb('grader_mb'):.0f} MB, workers "
            f"{run.find_peak_mb('workers_mb'):.0f} MB, fork servers {run.find_peak_mb('servers_mb'):.0f} MB; "
            f"PSS of all processes {run.usage.peak_mb:.0f} MB",
        ]
    grading_s, pages_s = large.phases.start_up_s + large.phases.grading_s, large.phases.feedback_s
    lines += [
        _tell(
            f"To the last record: {grading_s / 60:.1f} minutes",
            f"under {GRADING_GOAL_MIN:g}",
            grading_s < 60 * GRADING_GOAL_MIN,
        ),
        _tell(f"Pages: {pages_s:.0f} s", f"no longer than grading, {grading_s:.0f} s", pages_s <= grading_s),
    ]
    difference = large.median_cpu_s / small.median_cpu_s - 1
    lines.append(_tell(f"Median CPU-s: {difference:+.1%}", f"within {CPU_GOAL:.0%}", abs(difference) <= CPU_GOAL))
    for who in ("grader_mb", "workers_mb", "servers_mb"):
        growth = large.find_peak_mb(who) / small.find_peak_mb(who) - 1
        name = f"Memory of the {who.removesuffix('_mb')}: {growth:+.1%}"
        lines.append(_tell(name, f"at most {MEMORY_GOAL:+.0%}", growth <= MEMORY_GOAL))
    return lines


def _tell(what: str, goal: str, reached: bool) -> str:
    return f"{what} (goal: {goal}): {'reached' if reached else 'NOT reached'}."


def write_samples(runs: Sequence[LargeRun], path: Path) -> None:
    """Write the memory over time of all runs."""
    rows = [asdict(sample) for run in runs for sample in run.samples]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Grade both classes and print what came out; exit code 2 if a run failed, else 0."""
    parser = argparse.ArgumentParser("large", description="Grade a large class, and compare with a small one.")
    parser.add_argument("--students", type=int, default=300, help="submissions (default: %(default)s)")
    parser.add_argument("--small", type=int, default=30, help="submissions of the small class (default: %(default)s)")
    parser.add_argument("--notebooks", nargs="+", choices=list_names(), default=[], metavar="NOTEBOOK")
    parser.add_argument("--no-feedback", action="store_true", help="write no feedback pages")
    options = parser.parse_args(argv)
    arguments = ["--no-feedback"] if options.no_feedback else []
    if options.notebooks:
        print(f"Everybody hands in only {', '.join(options.notebooks)}: not the real exercise, but sooner done.")
    runs = []
    for students in (options.small, options.students):
        print(f"Grading a class of {students} ...", flush=True)
        folder = BUILD / "bench-grading" / f"class-of-{students}"
        try:
            runs.append(grade_class_of(students, folder, notebooks=options.notebooks, arguments=arguments))
        except (SideFailed, OSError) as error:
            print(error, file=sys.stderr)
            return 2
    write_samples(runs, BUILD / "bench-grading-large.csv")
    print("\n".join(["", *describe_runs(*runs), "", f"Memory over time: {BUILD.name}/bench-grading-large.csv"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
