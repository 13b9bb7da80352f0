"""A small class that is graded by the real command, which can be killed at any moment; and what came out of it."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path

from nbgrader.api import Gradebook

from helpers.grading.course.class_seed import keep_seed
from helpers.grading.gradebook.open import get_db_url
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import read_records
from tests.bench_grading.memory import list_descendants
from tests.support.small_course import ANSWERS, write_submission

TIMES = {"wall_s": 0.0, "cpu_s": 0.0, "peak_mb": 0.0}
MAX_S = 120


def write_class(folder: Path, exercise: Path) -> Path:
    """Write seven submissions and a roster with one more student; return the folder of submissions."""
    handed_in = folder / "handed_in"
    answers = {
        "ada": ANSWERS,
        "bob": {},
        "cem": ANSWERS | {"read_labels": "read_labels = list"},
        "dan": {"describe_photo": ANSWERS["describe_photo"]},
        "eva": ANSWERS | {"top_k": "def top_k(values, k):\n    return sorted(values)[-k:]"},
        "fay": ANSWERS | {"top_k": "import os\nos._exit(1)"},
    }
    for student, given in answers.items():
        write_submission(handed_in / student, exercise, given)
    write_submission(handed_in / "gus", exercise, change=lambda books: books["01_setup"].cells.pop(0))
    lines = ["id,first_name,last_name,email", *(f"{name},{name.title()},Test," for name in (*answers, "gus", "hal"))]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return handed_in


class Command:
    """`make grade` on the small class, in a process of its own, with temporary files of its own."""

    def __init__(self, folder: Path, course: Path, exercise: Path) -> None:
        self.course, self.scratch = course, course.parent / f"{course.name}-tmp"
        self.scratch.mkdir(exist_ok=True)
        keep_seed(course, "the same for all courses of these tests")
        self._arguments = [sys.executable, "-m", "helpers.grading.commands.grade", str(folder / "handed_in")]
        self._arguments += ["--roster", str(folder / "roster.csv"), "--course", str(course), "--source", str(exercise)]
        self._log = course.parent / f"{course.name}.log"

    def start(self, workers: int = 2) -> subprocess.Popen:
        """Start the command; its output goes into a file."""
        environment = os.environ | {"TMPDIR": str(self.scratch), "PYTHONUNBUFFERED": "1"}
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [*self._arguments, "--workers", str(workers)], env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def finish(self) -> int:
        """Run the command to its end and return its exit code."""
        return self.start().wait()

    def wait_for(self, process: subprocess.Popen, moment: str) -> None:
        """Wait until the output shows `moment`, or a result is just being written for "pending"; or the end."""
        while process.poll() is None and not self._has_come(moment):
            time.sleep(0.002)

    def _has_come(self, moment: str) -> bool:
        if moment == "pending":
            return any(
                (CourseAssignment(self.course).kept / "pending").glob("[a-g]*.json")
            )  # not hal, who is never graded
        return moment in self.read_log()

    def read_log(self) -> str:
        """Return what the latest run printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")


def kill(process: subprocess.Popen, *, others: Collection[int]) -> list[int]:
    """Kill the command alone, with SIGKILL; return which of its descendants are still there a while later."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.wait()
    return find_left_over(others=others)


def find_left_over(*, others: Collection[int]) -> list[int]:
    """Return which descendants of this process are still there when they had time to end, but for the `others`."""
    deadline = time.monotonic() + MAX_S
    while (left := set(list_descendants(os.getpid())) - set(others)) and time.monotonic() < deadline:
        _reap()
        time.sleep(0.05)
    _reap()
    return sorted(left)


def _reap() -> None:
    """Collect adopted children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def read_gradebook(course: Path) -> dict:
    """Return every row of grades, comments and students."""
    with Gradebook(get_db_url(course)) as gradebook:
        rows = {student.id: (student.first_name, student.last_name, student.email) for student in gradebook.students}
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            rows[submission.student.id, "time"] = str(submission.timestamp)
            for notebook in submission.notebooks:
                key = submission.student.id, notebook.name
                rows[key] = notebook.late_submission_penalty
                rows |= {(*key, grade.name): _read_grade(grade) for grade in notebook.grades}
                rows |= {(*key, c.name, "comment"): (c.auto_comment, c.manual_comment) for c in notebook.comments}
    return rows


def _read_grade(grade) -> tuple:
    return grade.auto_score, grade.manual_score, grade.extra_credit, bool(grade.needs_manual_grade)


def read_timeless_records(course: Path) -> dict:
    """Return the records by student, without what running them took."""
    return {
        name: dataclasses.replace(
            record, notebooks=tuple(dataclasses.replace(notebook, **TIMES) for notebook in record.notebooks)
        )
        for name, record in read_records(CourseAssignment(course).records).items()
    }


def read_record_files(course: Path) -> dict[str, dict]:
    """Return the records as they stand in their files, times included: two runs never take the same."""
    paths = CourseAssignment(course).records.glob("*.json")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def read_files(folder: Path, pattern: str) -> dict[str, bytes]:
    """Return the content of a folder's files by their path inside it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob(pattern) if path.is_file()}
