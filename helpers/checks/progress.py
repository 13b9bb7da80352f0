"""Count which exercises have passed their checks, in this notebook and in the series."""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from helpers.exercises import EXERCISE_BY_ID, EXERCISES, list_exercises
from helpers.exercises.rows import Exercise

PROGRESS_FILE = ".progress.json"  # beside the notebooks, so that it outlives a kernel restart
Results = dict[str, dict[str, bool]]  # exercise -> checked behaviour -> passed
_results_of_this_kernel: Results = {}


@dataclass(frozen=True)
class Progress:
    """How many exercises have passed: in one notebook, and in the series."""

    passed_here: int
    total_here: int
    passed_in_all: int
    total_in_all: int

    def __str__(self) -> str:
        return f"{self.passed_here} of {self.total_here} here, {self.passed_in_all} of {self.total_in_all} in all"


def record_result(exercise_id: str, behaviour: str, *, passed: bool) -> Progress:
    """Note the result of one check, and return the progress so far.

    An exercise counts once all of its checks that have run did pass. Headless runs (grading, stored
    outputs) count in memory only, so that their numbers never depend on what was run before. A progress
    file that cannot be read or written never stops a check.
    """
    results = _results_of_this_kernel if _is_headless() else _read_results()
    results.setdefault(exercise_id, {})[behaviour] = passed
    if not _is_headless():
        _write_results(results)
    return _count(results, EXERCISE_BY_ID[exercise_id])


def forget_results() -> None:
    """Start anew: what was counted in memory belongs to another student."""
    _results_of_this_kernel.clear()


def _count(results: Results, exercise: Exercise) -> Progress:
    """Count in the notebook and in the series that `exercise` belongs to."""
    passed = {exercise_id for exercise_id, checks in results.items() if all(checks.values())}
    here = {one.id for one in list_exercises(exercise.notebook, assignment=exercise.assignment)}
    series = {one.id for one in EXERCISES if one.assignment == exercise.assignment}
    return Progress(len(passed & here), len(here), len(passed & series), len(series))


def _is_headless() -> bool:
    return "NBGRADER_EXECUTION" in os.environ or os.environ.get("EXERCISE_PROGRESS") == "off"


def _read_results() -> Results:
    try:
        stored = json.loads(Path(PROGRESS_FILE).read_text(encoding="utf-8"))
        return {exercise_id: dict(checks) for exercise_id, checks in stored.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return _results_of_this_kernel


def _write_results(results: Results) -> None:
    _results_of_this_kernel.update(results)
    with contextlib.suppress(OSError):
        Path(PROGRESS_FILE).write_text(json.dumps(results, indent=1), encoding="utf-8")
