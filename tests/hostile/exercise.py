"""The small exercise that every attack hands in: two answers, a question, visible and hidden checks."""

import copy
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import utils

from helpers.grading.judge.template import Template, make_template

NAME = "01_setup"  # a notebook of the course, because checks know only the course's own exercises
ALL_POINTS = 6.0

IMPORTS = """\
from pathlib import Path

from PIL import Image

from helpers.checks.setup.describe_photo import check_describe_photo
from helpers.checks.setup.read_labels import check_read_labels"""

ANSWERS = {
    "describe_photo": """\
def describe_photo(path):
    with Image.open(path) as image:
        return image.width, image.height, image.mode""",
    "read_labels": """\
def read_labels(path):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]""",
}

CHECKS = {  # grade id: (points, source); {secret} stands for what no student may ever see
    "describe_photo_usual": (1, 'check_describe_photo(describe_photo, photos=[(60, 40, "RGB"), (4, 6, "L")])'),
    "describe_photo_modes": (
        1,
        """\
# At grading: photos with transparency.
### BEGIN HIDDEN TESTS
check_describe_photo(describe_photo, photos=[(31, 17, "RGBA"), (9, 9, "1")])  # {secret}
### END HIDDEN TESTS""",
    ),
    "read_labels_plain": (
        1,
        """\
labels_file = Path("two_labels.txt")
labels_file.write_text("tench\\ntripod\\n", encoding="utf-8")
assert read_labels(labels_file) == ["tench", "tripod"], "two labels, without line breaks\"""",
    ),
    "read_labels_usual": (1, 'check_read_labels(read_labels, labels=["tench", "tiger cat", "espresso"])'),
    "read_labels_unusual": (
        2,
        """\
# At grading: another file.
### BEGIN HIDDEN TESTS
from helpers.checks.class_seed import draw_for

labels = draw_for("read_labels_unusual").mix(["zèbre", "{secret}", "ant"])
check_read_labels(read_labels, labels=labels, blank_lines_at_end=2)
### END HIDDEN TESTS""",
    ),
}
ORDER = ("describe_photo", "read_labels")


def write_solution(path: Path, *, secret: str) -> None:
    """Write the instructor's notebook, whose hidden checks hold `secret`."""
    cells = [_make_cell("imports", IMPORTS, locked=True)]
    for exercise in ORDER:
        head, _, body = ANSWERS[exercise].partition("\n")
        answer = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(_make_cell(exercise, answer, solution=True))
        for grade_id, (points, source) in CHECKS.items():
            if grade_id.startswith(exercise):
                source = source.replace("{secret}", secret)
                cells.append(_make_cell(grade_id, source, locked=True, grade=True, points=points))
    question = "Why?\n\n=== BEGIN MARK SCHEME ===\nAnything.\n=== END MARK SCHEME ==="
    cells.append(_make_cell("question", question, kind=new_markdown_cell, solution=True, grade=True, points=2))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), path)


def _make_cell(grade_id: str, source: str, *, kind=new_code_cell, **rules) -> NotebookNode:
    data = {
        "grade_id": grade_id,
        "schema_version": 3,
        "task": False,
        "solution": False,
        "grade": False,
        "locked": False,
    }
    return kind(source, id=grade_id, metadata={"nbgrader": data | rules})


def read_exercise(solution: Path) -> Template:
    """Return the exercise as graders have it."""
    return make_template(solution)


def fill_in(template: Template, answers: Mapping[str, str] = ANSWERS) -> NotebookNode:
    """Return the notebook as a student hands it in with these answers, by grade id; other answers stay blank."""
    notebook = copy.deepcopy(template.released)
    for cell in notebook.cells:
        if utils.is_solution(cell) and cell.metadata.nbgrader.grade_id in answers:
            cell.source = answers[cell.metadata.nbgrader.grade_id]
    return notebook


def insert_cell(notebook: NotebookNode, source: str, *, at_end: bool = False) -> None:
    """Add a code cell of the student's own: behind the imports, or at the end."""
    number = len(notebook.cells)
    place = number if at_end else 1 + sum(cell.id.startswith("own-") for cell in notebook.cells)
    notebook.cells.insert(place, new_code_cell(source, id=f"own-{number}"))
