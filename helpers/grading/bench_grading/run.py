"""The whole comparison: one class, every side in turn, every second round in reversed order."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.grading.bench_grading.honest import NOTEBOOKS, write_class
from helpers.grading.bench_grading.points import list_differences, read_points
from helpers.grading.bench_grading.processes import Usage, run_measured
from helpers.grading.bench_grading.rows import FLOOR, Row, make_floor_row, make_row
from helpers.grading.bench_grading.sides import HARNESS, SIDES, make_environment
from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks import HEADLESS_ENVIRONMENT, ROOT, list_notebooks, read_notebook

NAMES = (*(side.name for side in SIDES), FLOOR)


def run_bench(names: Sequence[str], *, students: int, rounds: int, folder: Path) -> tuple[list[Row], list[str]]:
    """Grade the class with each side `rounds` times; return the rows, and the cells whose scores differ.

    Everything is made below `folder`, which is emptied first; gradebooks and logs of the last round stay there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    submissions = folder / "class"
    people = write_class(submissions, students)
    usages: dict[str, list[Usage]] = {side.name: [] for side in SIDES if side.name in names}
    floors: list[float] = []
    for number in range(rounds):
        for name in list(names)[:: -1 if number % 2 else 1]:
            print(f"[{number + 1}/{rounds}] {name} ...", flush=True)
            if name == FLOOR:
                floors.append(measure_floor(submissions, folder))
            else:
                usages[name].append(_run_side(name, submissions, folder))
            _tell((floors or [0])[-1] if name == FLOOR else usages[name][-1], len(people))
    return _make_rows(usages, floors, students=len(people)), compare_points(list(usages), folder)


def _run_side(name: str, submissions: Path, folder: Path) -> Usage:
    side = next(side for side in SIDES if side.name == name)
    return side.grade(submissions, find_course(folder, name))


def find_course(folder: Path, name: str) -> Path:
    """Return the folder of a side's gradebook."""
    return folder / name.replace(",", "").replace(" ", "-")


def _tell(run: Usage | float, students: int) -> None:
    if isinstance(run, Usage):
        left = f"; {run.left_over} processes outlived it and were killed" if run.left_over else ""
        print(f"      {run.wall_s / students:.1f} s, {run.cpu_s / students:.1f} CPU-s a submission{left}", flush=True)
    else:
        print(f"      {run / students:.1f} CPU-s a submission", flush=True)


def _make_rows(usages: dict[str, list[Usage]], floors: list[float], *, students: int) -> list[Row]:
    size = {"students": students, "notebooks": students * len(NOTEBOOKS)}
    rows = [make_row(name, runs, usages.get(HARNESS, ()), **size) for name, runs in usages.items()]
    return [*rows, make_floor_row(floors, **size)] if floors else rows


def measure_floor(submissions: Path, folder: Path) -> float:
    """Return the CPU-seconds of the class's code alone, hidden checks included."""
    plan, times = folder / "floor.json", folder / "floor-times.json"
    plan.write_text(json.dumps(_plan_floor(submissions)), encoding="utf-8")
    command = [sys.executable, "-m", "helpers.grading.bench_grading.floor", str(plan), str(times)]
    extra = HEADLESS_ENVIRONMENT | {
        "NBGRADER_EXECUTION": "autograde",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": str(ROOT),
    }
    run_measured(command, folder=folder, log=folder / "floor.log", environment=make_environment(extra))
    return sum(json.loads(times.read_text(encoding="utf-8")))


def _plan_floor(submissions: Path) -> list[dict]:
    """Return what graders run of each notebook: the student's cells, and all checks in their places."""
    templates = read_templates()
    return [
        {
            "folder": str(path.parent),
            "notebook": path.stem,
            "cells": _list_code(restore_notebook(read_notebook(path), templates[path.stem]).notebook),
        }
        for student in sorted(submissions.iterdir())
        for path in list_notebooks(student)
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
