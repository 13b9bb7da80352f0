"""Submissions to the small exercise that plain nbgrader mishandles, by the name of what is wrong with each."""

from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.small_course import ANSWERS, CHECKS, find_cell, find_grade_id, write_submission

Change = Callable[[NotebookNode], object]
PRIVATE = "a note that only instructors may read"

DROP_ASSERTS = """\
describe_photo = read_labels = print
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return None
get_ipython().ast_transformers.append(Drop())"""
DROP_ERRORS = """\
describe_photo = read_labels = print
session = get_ipython().kernel.session
send = session.send
def drop(stream, kind, *arguments, **options):
    if kind == "execute_reply":
        arguments[0].update(status="ok")
    return None if kind == "error" else send(stream, kind, *arguments, **options)
session.send = drop"""
ALWAYS_EQUAL = """\
class Equal:
    def __eq__(self, other):
        return True
describe_photo = read_labels = lambda *arguments: Equal()"""
DISPLAY_POINTS = """\
import sys
def describe_photo(width, height):
    sys.displayhook(1.0)
    raise ValueError
read_labels = describe_photo"""
LOOP = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
READ_ALL = """\
from pathlib import Path
for place in {places!r}:
    for path in sorted(Path(place).rglob("*.ipynb")):
        print(path.read_text())"""
WRITE_GRADES = """\
import sqlite3
for place in {places!r}:
    try:
        with sqlite3.connect(place + "/gradebook.db") as database:
            database.execute("update grade set extra_credit = 50")
    except sqlite3.Error as error:
        print(error)"""


def insert_after(grade_id: str, source: str) -> Change:
    """Return a change that puts an own cell behind the cell `grade_id`."""
    return lambda notebook: notebook.cells.insert(find_cell(notebook, grade_id) + 1, new_code_cell(source))


def _delete_check(notebook: NotebookNode) -> None:
    notebook.cells.pop(find_cell(notebook, "read_labels_unusual"))


def duplicate_check(notebook: NotebookNode) -> None:
    """Put the first check there twice, as copying and pasting a cell does."""
    index = find_cell(notebook, "describe_photo_usual")
    notebook.cells.insert(index, notebook.cells[index].copy())


def _skip_checks(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if find_grade_id(cell) in CHECKS:
            cell.metadata.tags = ["skip-execution"]


# name: (answers, what is changed in the notebook 01_setup, the only one handed in)
FAULTY: dict[str, tuple[dict[str, str], Change | None]] = {
    "solved": (ANSWERS, None),
    "blank": ({}, None),
    "deleted": (ANSWERS, _delete_check),
    "dies": (ANSWERS, insert_after("read_labels", "import os\nos._exit(1)")),
    "loops": (ANSWERS, insert_after("read_labels", LOOP)),
    "visible-only": (ANSWERS | {"read_labels": "def read_labels(text):\n    return text.split(' ')"}, None),
    "skips": ({}, _skip_checks),
    "displays": ({"describe_photo": DISPLAY_POINTS}, None),
    "transforms": ({"describe_photo": DROP_ASSERTS}, None),
    "patches": ({"describe_photo": DROP_ERRORS}, None),
    "equals": ({"describe_photo": ALWAYS_EQUAL}, None),
}


def write_faulty_class(submitted: Path, exercise: Path, places: list[str]) -> list[str]:
    """Write the class as nbgrader wants it and return the names; spies look into `places`, grades are written there."""
    spies = {"reads": READ_ALL, "writes": WRITE_GRADES}
    changes = {name: insert_after("imports", source.format(places=places)) for name, source in spies.items()}
    for name, (answers, change) in (FAULTY | {name: ({}, change) for name, change in changes.items()}).items():
        write_one(submitted / name, exercise, answers, change)
    renamed = write_one(submitted / "renamed", exercise)
    (renamed / "01_setup.ipynb").rename(renamed / "01_setup (1).ipynb")
    (submitted.parent / "private.txt").write_text(PRIVATE, encoding="utf-8")
    linked = write_one(submitted / "linked", exercise)
    (linked / "01_setup.ipynb").unlink()
    (linked / "01_setup.ipynb").symlink_to(submitted / "solved" / ASSIGNMENT / "01_setup.ipynb")
    (linked / "notes.txt").symlink_to(submitted.parent / "private.txt")
    return sorted(path.name for path in submitted.iterdir())


def write_one(folder: Path, exercise: Path, answers: dict[str, str] = ANSWERS, change: Change | None = None) -> Path:
    """Write one student's 01_setup, and return the folder it is in."""

    def keep_one(notebooks: dict[str, NotebookNode]) -> None:
        for name in set(notebooks) - {"01_setup"}:
            del notebooks[name]
        if change:
            change(notebooks["01_setup"])

    return write_submission(folder / ASSIGNMENT, exercise, answers, change=keep_one)
