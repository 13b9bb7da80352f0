"""The whole comparison: one class, every side in turn, in rounds, every second one in reversed order."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.bench_grading.honest import NOTEBOOKS, write_class
from tests.bench_grading.points import list_differences, read_points
from tests.bench_grading.rows import GradingRow, GradingRun, make_row
from tests.bench_grading.sides import HARNESS, SIDES


def run_bench(
    names: Sequence[str], *, students: int, few: int, rounds: int, folder: Path
) -> tuple[list[GradingRow], list[str]]:
    """Grade the class with each side, in `rounds`; return the rows, and the cells whose scores differ.

    In each round the harness grades everybody, and the other sides a share of the first `few`, so that all have graded
    these in the end: what takes long is compared with what the harness takes before and after it, since a machine is
    not equally fast all the time. The others in the class are of the same kinds as these few, as often each.
    Everything is made below `folder`, which is emptied first; gradebooks and logs stay there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    people = write_class(folder / "class", students, kinds=few)
    runs: dict[str, list[GradingRun]] = {name: [] for name in names}
    for number in range(rounds):
        for name in list(names)[:: -1 if number % 2 else 1]:
            print(f"[{number + 1}/{rounds}] {name} ...", flush=True)
            runs[name].append(_run_side(name, people, people[:few][number::rounds], folder))
            _tell(runs[name][-1])
    size = {"students": students, "notebooks": students * len(NOTEBOOKS)}
    rows = [make_row(name, of_side, runs.get(HARNESS, ()), **size) for name, of_side in runs.items()]
    return rows, compare_points([side.name for side in SIDES if side.name in names], people[:few], folder)


def _run_side(name: str, people: Sequence[str], share: Sequence[str], folder: Path) -> GradingRun:
    side = next(side for side in SIDES if side.name == name)
    students = share if side.shares else people
    usage, start_up_s, end_s = side.grade(folder / "class", students, find_course(folder, name))
    if usage.left_over:
        print(f"      {usage.left_over} processes outlived it and were killed", flush=True)
    return GradingRun(len(students), usage.cpu_s, usage.wall_s, usage.peak_mb, start_up_s, end_s)


def find_course(folder: Path, name: str) -> Path:
    """Return the folder of a side's gradebook."""
    return folder / name.replace(",", "").replace(" ", "-")


def _tell(run: GradingRun) -> None:
    each = f"{run.wall_s / run.students:.2f} s, {run.cpu_s / run.students:.2f} CPU-s a submission"
    print(f"      {each}, {run.students} of them", flush=True)


def compare_points(names: Sequence[str], students: Sequence[str], folder: Path) -> list[str]:
    """Return the cells of these students that two sides score differently, with their names."""
    first, *others = (read_points(find_course(folder, name), students) for name in names)
    return [
        f"{names[0]} and {name}: {line}"
        for name, points in zip(names[1:], others, strict=True)
        for line in list_differences(first, points)
    ]
