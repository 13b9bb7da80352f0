"""A copy of the repository with a small second exercise, which has files of its own only, and one class for both."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ROOT
from tests.support.earlier_course import move_back
from tests.support.small_course import ANSWERS, find_grade_id, write_exercise, write_submission

SECOND, NOTEBOOK = "exercise_02", "01_lists"
OF_TODAY = re.compile(r',\s*"assignment": "exercise_01"')
RIGHT = {
    "find_longest": "def find_longest(words):\n    return max(words, key=len)",
    "count_words": "def count_words(text):\n    return len(text.split())",
}
WRONG = RIGHT | {"find_longest": "def find_longest(words):\n    return max(words)"}
ROWS = '''\
"""Exercise 02: lists of words."""

from helpers.exercises.rows import Exercise

EXERCISES = (
    Exercise("find_longest", "01_lists", minutes=2, difficulty=1),
    Exercise("count_words", "01_lists", minutes=2, difficulty=1, core=False),
)

CAUSES = {"last_in_alphabet": "the longest word is asked for, not the last one in the alphabet."}
'''
CHECKS = '''\
"""Checks of exercise 02, notebook 01."""

from helpers.checks.report import checking


def check_find_longest(find_longest, *, words, right, about):
    """Check that the longest word is found."""
    with checking("find_longest", about) as check:
        value = check.call(find_longest, words)
        cause = "last_in_alphabet" if value == max(words) else "wrong_values"
        check.expect(value == right, cause, got=value, expected=right)


def check_count_words(count_words, *, text, right, about):
    """Check that words are counted."""
    with checking("count_words", about) as check:
        value = check.call(count_words, text)
        check.expect(value == right, "wrong_number", got=value, expected=right)
'''
SOLUTION = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
IMPORTS = "from helpers.checks.lists.checks import check_count_words, check_find_longest"
VISIBLE = 'check_find_longest(find_longest, words=["zoo", "a", "horse"], right="horse", about="three words")'
HIDDEN = """\
# At grading: another text.
### BEGIN HIDDEN TESTS
check_count_words(count_words, text=" a  quick fox ", right=3, about="odd spaces")
### END HIDDEN TESTS"""


def write_second_exercise(repository: Path) -> None:
    """Write the files of the second exercise into a copy of the repository; no other file is touched."""
    files = {
        f"helpers/exercises/{SECOND}.py": ROWS,
        "helpers/checks/lists/__init__.py": '"""Checks of exercise 02, notebook 01."""\n',
        "helpers/checks/lists/checks.py": CHECKS,
        f"solutions/{SECOND}/{NOTEBOOK}.ipynb": nbformat.writes(_make_notebook()),
    }
    for name, text in files.items():
        path = repository / name
        assert not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _make_notebook() -> NotebookNode:
    return new_notebook(
        cells=[
            _make_cell("imports", IMPORTS, locked=True),
            *(_make_cell(name, SOLUTION.format(answer), solution=True) for name, answer in RIGHT.items()),
            _make_cell("find_longest_usual", VISIBLE, locked=True, points=2),
            _make_cell("count_words_spaces", HIDDEN, locked=True, points=3),
        ]
    )


def _make_cell(grade_id: str, source: str, *, points: int = 0, solution: bool = False, locked: bool = False):
    flags = {"grade": bool(points), "solution": solution, "locked": locked, "task": False, "schema_version": 3}
    nbgrader = {"grade_id": grade_id, **flags} | ({"points": points} if points else {})
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": nbgrader})


@dataclass(frozen=True)
class TwoExercises:
    """A copy of the repository with two exercises, and a course in which one class hands in both."""

    folder: Path

    @property
    def repository(self) -> Path:
        """The copy."""
        return self.folder / "repository"

    @property
    def course(self) -> Path:
        """The course's folder."""
        return self.folder / "course"

    def write(self) -> None:
        """Write the copy, release the second exercise, and hand both in."""
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "helpers", self.repository / "helpers", ignore=leave_out)
        for name in ("nbgrader_config.py", "pyproject.toml"):
            shutil.copy(ROOT / name, self.repository)
        write_exercise(self.repository)
        write_second_exercise(self.repository)
        self.run("release", "--assignment", SECOND)
        wrong = ANSWERS | {"top_k": "def top_k(values, k):\n    return sorted(values)[-k:]"}
        for student, answers in {"ann": ANSWERS, "ben": wrong}.items():
            write_submission(self.folder / "first" / student, self.repository, answers)
        self.hand_in_second("ann", WRONG)
        self.hand_in_second("cem", RIGHT)
        lines = ["id,first_name,last_name,email", *(f"{name},,," for name in ("ann", "ben", "cem"))]
        (self.folder / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def hand_in_second(self, student: str, answers: Mapping[str, str]) -> None:
        """Put a student's work of the second exercise where it is downloaded to."""
        path = self.repository / "notebooks" / SECOND / f"{NOTEBOOK}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(find_grade_id(cell) or "", cell.source)
        target = self.folder / "second" / student / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)

    def run(self, command: str, *arguments: str, expect: int = 0) -> str:
        """Run a command of the copy, and return what it printed; it must end with the code `expect`."""
        environment = os.environ | {"PYTHONPATH": str(self.repository), "OMP_NUM_THREADS": "1"}
        module = f"helpers.grading.commands.{command}"
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.repository, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout + done.stderr

    def grade(self, *arguments: str, handed_in: str = "", expect: int = 0) -> str:
        """Run `grade` on the course, with what lies in the folder `handed_in` if it is named."""
        new = [str(self.folder / handed_in), "--roster", str(self.folder / "roster.csv")] if handed_in else []
        return self.run("grade", *new, "--course", str(self.course), "--workers", "1", *arguments, expect=expect)

    def make_old(self) -> None:
        """Give the course, which holds the first exercise alone, the form that it had before there could be two."""
        kept = CourseAssignment(self.course).kept
        for path in (*kept.glob("records/*.json"), kept / "intake.json"):
            text, stat = path.read_text(encoding="utf-8"), path.stat()
            path.write_text(OF_TODAY.sub("", text), encoding="utf-8")
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        move_back(self.course)

    def read_record(self, assignment: str, student: str) -> dict:
        """Return a student's record as it lies in the course."""
        path = self.course / "grading" / assignment / "records" / f"{student}.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def read_all(self, assignment: str) -> dict[str, bytes]:
        """Return every file of the course that is the assignment's own, by its path."""
        inside = [path for path in self.course.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts]
        names = {path.relative_to(self.course).as_posix(): path for path in inside}
        return {name: path.read_bytes() for name, path in names.items() if assignment in name}
