"""The faulty submissions, graded by plain nbgrader and by the harness; and how to look at what came out."""

import html
import re
from pathlib import Path
from typing import NamedTuple

from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.notebooks.paths import ASSIGNMENT, read_notebook
from tests.hostile.limits import limit_cells
from tests.support.direct_grading import DirectCourse
from tests.support.faulty_submissions import write_faulty_class
from tests.support.plain_nbgrader import PlainCourse
from tests.support.small_course import NOTEBOOKS, write_exercise

CELL_S = 10  # one submission uses all of it; a busy machine needs a part of it to import torch
FULL = {grade_id: points for grade_id, points, _ in NOTEBOOKS["01_setup"] if points}
ZERO = dict.fromkeys(FULL, 0)
TWO_CHECKS = [  # a notebook: one of the course's checks, and one of two plain asserts
    ("imports", 0, "from helpers.checks.setup.describe_photo import check_describe_photo"),
    ("describe_photo", 0, ""),
    ("describe_photo_usual", 1, 'check_describe_photo(describe_photo, photos=[(60, 40, "L")])'),
    ("read_labels", 0, ""),
    (
        "read_labels_usual",
        1,
        'assert read_labels("a b")[0] == "A", "the first label"\nassert len(read_labels("a b")) == 2, "their number"',
    ),
]


class Courses(NamedTuple):
    """Both courses; `content` says by student whether plain nbgrader was content with itself."""

    plain: PlainCourse
    content: dict[str, bool]
    harness: DirectCourse


def grade_with_both(root: Path, own: Path, server: ForkServer) -> Courses:
    """Grade the faulty class twice: plain nbgrader below `root`, where the files are, and the harness below `own`."""
    write_exercise(root)
    students = write_faulty_class(root / "submitted", root, [str(root), str(own)])
    plain = PlainCourse(root, cell_s=CELL_S)
    content = {student: plain.autograde(student) for student in students if student != "writes"}
    harness = DirectCourse(own, root, server)
    with limit_cells(CELL_S):
        harness.grade(root / "submitted")
    return Courses(plain, content, harness)


def read_plain(courses: Courses, student: str) -> dict[str, float]:
    """Return the points that plain nbgrader gave, by graded cell of the notebook handed in."""
    points = courses.plain.read_points(student)
    return {grade_id: points[grade_id] for grade_id in FULL}


def read_text(page: str) -> str:
    """Return what a reader of an HTML page sees."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def read_output(root: Path, student: str) -> str:
    """Return what the own cell of a spy printed."""
    notebook = read_notebook(root / "autograded" / student / ASSIGNMENT / "01_setup.ipynb")
    return "".join(output.get("text", "") for output in notebook.cells[1].outputs)
