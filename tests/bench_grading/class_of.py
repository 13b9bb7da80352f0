"""A large generated class: mostly blank or copied submissions, some solved, one in ten hostile or broken."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from helpers.grading.notebooks.paths import RELEASE, list_notebooks, read_notebook
from tests.bench_grading.honest import KINDS, write_student

PATTERN = ("blank", "blank", "copied", "blank", "solved", "blank", "copied", "broken", "blank", "blank")
STUDENTS_A_MISSING_ONE = 30
PROTOTYPES = {"blank": "blank", "copied": "first-four", "solved": "solved"}  # kinds of honest.py

CELLS = {
    "loops": "while True:\n    pass",
    "dies": "import os\nos._exit(1)",
    "fills-memory": "kept = []\nwhile True:\n    kept.append(b'x' * 2**27)",
    "prints": "for _ in range(100_000):\n    print('x' * 1_000)",
    "starts-processes": "import subprocess\nfor _ in range(300):\n    subprocess.Popen(['sleep', '600'])",
    "fills-disk": "with open('large.bin', 'wb') as file:\n    for _ in range(2_000):\n        file.write(b'x' * 2**20)",
}


def _insert_cell(source: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        _change_first(folder, lambda notebook: notebook.cells.insert(_find_first(notebook) + 1, new_code_cell(source)))

    return change


def _change_first(folder: Path, change: Callable[[NotebookNode], object]) -> None:
    path = list_notebooks(folder)[0]
    notebook = read_notebook(path)
    change(notebook)
    nbformat.write(notebook, path)


def _find_first(notebook: NotebookNode, *, graded: bool = False) -> int:
    """Return the index of the first cell of nbgrader's, or of the first that earns points."""
    cells = enumerate(cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return next(index for index, rules in cells if rules and (rules["grade"] or not graded))


def _delete_checks(folder: Path) -> None:
    def change(notebook: NotebookNode) -> None:
        notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]

    _change_first(folder, change)


def _duplicate_check(folder: Path) -> None:
    def change(notebook: NotebookNode) -> None:
        index = _find_first(notebook, graded=True)
        notebook.cells.insert(index, notebook.cells[index].copy())

    _change_first(folder, change)


def _break_json(folder: Path) -> None:
    path = list_notebooks(folder)[0]
    path.write_bytes(path.read_bytes()[:1_000])


def _forget_notebooks(folder: Path) -> None:
    for path in list_notebooks(folder)[1:]:
        path.unlink()


BROKEN: dict[str, Callable[[Path], None]] = {
    **{name: _insert_cell(source) for name, source in CELLS.items()},
    "deleted-checks": _delete_checks,
    "duplicated-check": _duplicate_check,
    "not-json": _break_json,
    "one-notebook": _forget_notebooks,
}


def write_class_of(students: int, folder: Path, *, notebooks: Sequence[str] = ()) -> tuple[Path, Path]:
    """Write a class below `folder`; return the folder of the submissions and the roster.

    `notebooks` are those that are handed in (none named: all). One student in thirty hands nothing in.
    """
    prototypes, submissions = folder / "prototypes", folder / "submissions"
    for name, kind_name in PROTOTYPES.items():
        write_student(prototypes / name, next(kind for kind in KINDS if kind.name == kind_name), chance=None)
        for path in list_notebooks(prototypes / name):
            if notebooks and path.stem not in notebooks:
                path.unlink()
    names = [_write_one(number, prototypes, submissions) for number in range(students)]
    names += [f"m{number:03d}-missing" for number in range(students // STUDENTS_A_MISSING_ONE)]
    roster = folder / "roster.csv"
    lines = ["id,first_name,last_name,email", *(f"{name},,{name},{name}@example.org" for name in names)]
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return submissions, roster


def _write_one(number: int, prototypes: Path, submissions: Path) -> str:
    kind = PATTERN[number % len(PATTERN)]
    broken = list(BROKEN)[number // len(PATTERN) % len(BROKEN)]
    name = f"s{number:03d}-{broken if kind == 'broken' else kind}"
    shutil.copytree(prototypes / ("copied" if kind == "broken" else kind), submissions / name)
    if kind == "broken":
        BROKEN[broken](submissions / name)
    return name


def list_names() -> list[str]:
    """Return the names of the exercise's notebooks."""
    return [path.stem for path in list_notebooks(RELEASE)]
