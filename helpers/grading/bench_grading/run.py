"""The whole comparison: one class, every side in turn, in rounds, every second one in reversed order."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.grading.bench_grading.honest import NOTEBOOKS, write_class
from helpers.grading.bench_grading.points import list_differences, read_points
from helpers.grading.bench_grading.processes import run_measured
from helpers.grading.bench_grading.rows import FLOOR, Row, Run, make_row
from helpers.grading.bench_grading.sides import HARNESS, SIDES, make_environment
from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks import HEADLESS_ENVIRONMENT, ROOT, list_notebooks, read_notebook

NAMES = (*(side.name for side in SIDES), FLOOR)


def run_bench(names: Sequence[str], *, students: int, rounds: int, folder: Path) -> tuple[list[Row], list[str]]:
    """Grade the class with each side, in `rounds`; return the rows, and the cells whose scores differ.

    In each round the harness grades everybody, and the other sides a share of the class, so that all have graded
    everybody in the end: what takes long is compared with what the harness takes before and after it, since a
    machine is not equally fast all the time. Everything is made below `folder`, which is emptied first; gradebooks
    and logs stay there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    people = write_class(folder / "class", students)
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for number in range(rounds):
        for name in list(names)[:: -1 if number % 2 else 1]:
            print(f"[{number + 1}/{rounds}] {name} ...", flush=True)
            runs[name].append(_run_side(name, people, people[number::rounds], folder))
            _tell(runs[name][-1])
    return _make_rows(runs, students=students), compare_points(
        [side.name for side in SIDES if side.name in names], folder
    )


def _run_side(name: str, people: Sequence[str], share: Sequence[str], folder: Path) -> Run:
    if name == FLOOR:
        return Run(len(share), measure_floor(folder / "class", share, folder))
    side = next(side for side in SIDES if side.name == name)
    students = share if side.shares else people
    usage = side.grade(folder / "class", students, find_course(folder, name))
    if usage.left_over:
        print(f"      {usage.left_over} processes outlived it and were killed", flush=True)
    return Run(len(students), usage.cpu_s, usage.wall_s, usage.peak_mb)


def find_course(folder: Path, name: str) -> Path:
    """Return the folder of a side's gradebook."""
    return folder / name.replace(",", "").replace(" ", "-")


def _tell(run: Run) -> None:
    wall = "" if run.wall_s is None else f"{run.wall_s / run.students:.1f} s, "
    print(f"      {wall}{run.cpu_s / run.students:.1f} CPU-s a submission, {run.students} of them", flush=True)


def _make_rows(runs: dict[str, list[Run]], *, students: int) -> list[Row]:
    size = {"students": students, "notebooks": students * len(NOTEBOOKS)}
    return [make_row(name, of_side, runs.get(HARNESS, ()), **size) for name, of_side in runs.items()]


def measure_floor(submissions: Path, students: Sequence[str], folder: Path) -> float:
    """Return the CPU-seconds of these students' code alone, hidden checks included."""
    plan, times = folder / "floor.json", folder / "floor-times.json"
    plan.write_text(json.dumps(_plan_floor(submissions, students)), encoding="utf-8")
    command = [sys.executable, "-m", "helpers.grading.bench_grading.floor", str(plan), str(times)]
    extra = HEADLESS_ENVIRONMENT | {
        "NBGRADER_EXECUTION": "autograde",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": str(ROOT),
    }
    run_measured(command, folder=folder, log=folder / "floor.log", environment=make_environment(extra))
    return sum(json.loads(times.read_text(encoding="utf-8")))


def _plan_floor(submissions: Path, students: Sequence[str]) -> list[dict]:
    """Return what graders run of each notebook: the student's cells, and all checks in their places."""
    templates = read_templates()
    return [
        {
            "folder": str(path.parent),
            "notebook": path.stem,
            "cells": _list_code(restore_notebook(read_notebook(path), templates[path.stem]).notebook),
        }
        for student in students
        for path in list_notebooks(submissions / student)
    ]


def _list_code(notebook) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def compare_points(names: Sequence[str], folder: Path) -> list[str]:
    """Return the cells that two sides score differently, with their names."""
    first, *others = names
    one = read_points(find_course(folder, first))
    return [
        f"{first} and {name}: {line}"
        for name in others
        for line in list_differences(one, read_points(find_course(folder, name)))
    ]
