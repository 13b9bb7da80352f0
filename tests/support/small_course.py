"""A small exercise without torch, under the names of the real one, so that a submission takes a second to grade."""

from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.grading.judge.template import make_template
from helpers.grading.notebooks.paths import ASSIGNMENT

ANSWERS = {
    "describe_photo": """\
def describe_photo(width, height):
    return width, height, "wide" if width > height else "tall\"""",
    "read_labels": "def read_labels(text):\n    return text.split()",
    "top_k": "def top_k(values, k):\n    return sorted(values, reverse=True)[:k]",
    "explain_eval": "Because it was trained on 1000 classes and has to choose one of them.",
}
SECRET = "a photo of 30 x 47 pixels is tall"  # stands in a hidden check

# (grade id, points, source) in order; a function's name stands for its answer, a text without points for a given cell.
NOTEBOOKS = {
    "01_setup": [
        ("imports", 0, "WIDEST = 4000"),
        ("describe_photo", 0, ""),
        ("describe_photo_usual", 1, 'assert describe_photo(4, 3) == (4, 3, "wide")'),
        ("describe_photo_modes", 1, f'assert describe_photo(30, 47) == (30, 47, "tall"), "{SECRET}"'),
        ("read_labels", 0, ""),
        ("read_labels_usual", 1, 'assert read_labels("cat dog") == ["cat", "dog"]'),
        ("read_labels_unusual", 2, 'assert read_labels(" red  fox ") == ["red", "fox"]'),
    ],
    "04_inference": [
        ("top_k", 0, ""),
        ("top_k_usual", 1, "assert top_k([3, 9, 5], 2) == [9, 5]"),
        ("top_k_other_k", 1, "assert top_k([3, 9, 5], 1) == [9]"),
        ("explain_eval", 2, ""),
    ],
}
HIDDEN = ("describe_photo_modes", "read_labels_unusual", "top_k_other_k")
POINTS = {grade_id: points for cells in NOTEBOOKS.values() for grade_id, points, _ in cells if points}
CHECKS = {grade_id: points for grade_id, points in POINTS.items() if grade_id not in ANSWERS}


def write_exercise(folder: Path, notebooks: Mapping[str, list] = NOTEBOOKS) -> Path:
    """Write solutions/ and notebooks/ of the small exercise below `folder`, and return it."""
    source, release = folder / "solutions" / ASSIGNMENT, folder / "notebooks" / ASSIGNMENT
    for path in (source, release):
        path.mkdir(parents=True, exist_ok=True)
    for name, cells in notebooks.items():
        nbformat.write(new_notebook(cells=[_make_cell(*cell) for cell in cells]), source / f"{name}.ipynb")
        nbformat.write(make_template(source / f"{name}.ipynb").released, release / f"{name}.ipynb")
    return folder


def change_exercise(folder: Path, name: str, change: Callable[[NotebookNode], None]) -> None:
    """Change one of the solutions below `folder`, and release it again."""
    source, release = (folder / part / ASSIGNMENT / f"{name}.ipynb" for part in ("solutions", "notebooks"))
    notebook = nbformat.read(source, as_version=4)
    change(notebook)
    nbformat.write(notebook, source)
    nbformat.write(make_template(source).released, release)


def _make_cell(grade_id: str, points: int, source: str) -> NotebookNode:
    answer = ANSWERS.get(grade_id)
    if grade_id in HIDDEN:
        source = f"# At grading: another case.\n### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
    if answer is not None and not points:
        source = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    cell = new_markdown_cell(answer) if answer is not None and points else new_code_cell(source)
    cell.id = grade_id
    flags = {"grade": bool(points), "solution": answer is not None, "locked": answer is None, "task": False}
    cell.metadata.nbgrader = {"schema_version": 3, "grade_id": grade_id, **flags} | (
        {"points": points} if points else {}
    )
    return cell


def write_submission(
    folder: Path,
    exercise: Path,
    answers: Mapping[str, str] = ANSWERS,
    *,
    change: Callable[[dict[str, NotebookNode]], None] | None = None,
) -> Path:
    """Write a student's notebooks into `folder`: the release with these answers, then changed by `change`.

    `change` gets the notebooks by name. Returns `folder`.
    """
    release = exercise / "notebooks" / ASSIGNMENT
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in sorted(release.glob("*.ipynb"))}
    for cell in (cell for notebook in notebooks.values() for cell in notebook.cells):
        cell.source = answers.get(find_grade_id(cell), cell.source) if find_grade_id(cell) in ANSWERS else cell.source
    if change:
        change(notebooks)
    folder.mkdir(parents=True, exist_ok=True)
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def find_grade_id(cell: NotebookNode) -> str | None:
    """Return nbgrader's name of a cell, None for a cell without."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def find_cell(notebook: NotebookNode, grade_id: str) -> int:
    """Return the index of a cell."""
    return next(index for index, cell in enumerate(notebook.cells) if find_grade_id(cell) == grade_id)
