"""The sides that grade the same class: nbgrader as it comes, nbgrader with one thread, the harness."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.grading.gradebook.open import make_scratch_course
from helpers.grading.judge.execution import CELL_S
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT, list_notebooks
from tests.bench_grading.processes import Usage, run_measured

PLAIN, ONE_THREAD, HARNESS = "nbgrader as it comes", "nbgrader, one thread", "harness"
OF_OUR_OWN = ("OMP_", "MKL_", "OPENBLAS_", "EXERCISE_", "NBGRADER_", "PYTHON", "MPL")

# The course's own settings, but nbgrader's own lists of steps, and as long for a cell as the harness gives it.
PLAIN_CONFIG = """
c = get_config()
load_subconfig("nbgrader_config.py", path={root!r})
for trait in ("exporter_class", "sanitize_preprocessors", "autograde_preprocessors"):
    c.Autograde.pop(trait, None)
c.Execute.timeout = {timeout_s:.0f}
"""


@dataclass(frozen=True)
class GradingSide:
    """One way of grading: gets a class, some of its students and a folder, leaves a gradebook there.

    A side that takes `shares` grades these students only, and finds in the folder what it has graded before; another
    one grades the whole class anew. Both say what it took, and how many seconds of that went before the first result
    and after the last one, if that is known.
    """

    name: str
    grade: Callable[[Path, Sequence[str], Path], tuple[Usage, float | None, float | None]]
    shares: bool = True


class SideFailed(RuntimeError):
    """A side did not grade the class; the message says where its output is."""


def make_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what sets threads or profiles, so that each side has its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OF_OUR_OWN)}
    return kept | dict(extra or {})


def grade_with_nbgrader(
    submissions: Path, students: Sequence[str], course: Path, extra: Mapping[str, str] | None = None
) -> tuple[Usage, None, None]:
    """Grade these students with `nbgrader autograde`; making the course and copying the files is not counted."""
    if not course.exists():
        make_scratch_course(course)
        text = PLAIN_CONFIG.format(root=str(ROOT), timeout_s=CELL_S)
        (course / "nbgrader_config.py").write_text(text, encoding="utf-8")
    for student in students:
        target = course / "submitted" / student / ASSIGNMENT
        target.mkdir(parents=True)
        for path in list_notebooks(submissions / student):
            shutil.copy(path, target)
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--create"]
    return _run(command, course, make_environment(extra)), None, None


def grade_with_one_thread(submissions: Path, students: Sequence[str], course: Path) -> tuple[Usage, None, None]:
    """Grade with `nbgrader autograde` in kernels that use one thread."""
    return grade_with_nbgrader(submissions, students, course, {"OMP_NUM_THREADS": "1"})


def grade_with_harness(submissions: Path, students: Sequence[str], course: Path) -> tuple[Usage, float, float]:
    """Grade with the command that `make grade` runs, from the folder of submissions to the gradebook."""
    shutil.rmtree(course, ignore_errors=True)
    course.mkdir(parents=True)
    command = [sys.executable, "-m", "helpers.grading.commands.grade", str(submissions), "--course", str(course)]
    started = time.time()
    usage = _run([*command, "--no-feedback"], course, make_environment(), statuses=(0, 1))
    written = [path.stat().st_mtime for path in CourseAssignment(course).records.glob("*.json")]
    if len(written) != len(students):
        raise SideFailed(f"The harness did not grade everybody; its output is in {course / 'bench.log'}.")
    return usage, min(written) - started, started + usage.wall_s - max(written)


def _run(
    command: list[str], course: Path, environment: Mapping[str, str], *, statuses: tuple[int, ...] = (0,)
) -> Usage:
    log = course / "bench.log"
    usage = run_measured(command, folder=course, log=log, environment=environment)
    if usage.status not in statuses:
        raise SideFailed(f"{' '.join(command[1:4])} ended with {usage.status}; its output is in {log}.")
    return usage


SIDES = (
    GradingSide(PLAIN, grade_with_nbgrader),
    GradingSide(ONE_THREAD, grade_with_one_thread),
    GradingSide(HARNESS, grade_with_harness, shares=False),
)
