"""Show the whole path: release, a small demonstration class, grading, scores, feedback, executed pages.

python -m helpers.grading.commands.demo           writes everything into build/demo
"""

import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from helpers.checks.class_seed import NO_CLASS
from helpers.grading.commands.demonstration_class import read_class, write_submission
from helpers.grading.commands.grade import main as grade
from helpers.grading.commands.run import write_html
from helpers.grading.course.class_seed import keep_seed
from helpers.grading.gradebook.open import make_scratch_course, open_gradebook
from helpers.grading.gradebook.points import read_class_points, sum_points
from helpers.grading.gradebook.points_text import format_late, format_points, format_short
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT, execute_notebook
from helpers.grading.notebooks.paths import ASSIGNMENT, BUILD, SOLUTIONS, list_notebooks
from helpers.grading.records import read_records
from helpers.grading.sandbox.choose import choose_backend
from helpers.grading.sandbox.settings import SandboxError

DEMO = BUILD / "demo"


def run_demo(root: Path = DEMO) -> pd.DataFrame:
    """Release, hand in, grade and give back in the folder `root` (emptied first); return the table of scores."""
    print("Releasing the notebooks ...", flush=True)
    make_scratch_course(root)
    keep_seed(root, NO_CLASS)  # so that each demonstration is like the last one
    write_class(root / "handed_in", root / "notebooks" / ASSIGNMENT)
    print(f"\nGrading the class, as `make grade SUBMISSIONS={root.name}/handed_in` does:\n", flush=True)
    where = ["--roster", str(root / "roster.csv"), "--course", str(root), "--assignment", ASSIGNMENT]
    grade([str(root / "handed_in"), *where, *_choose_sandbox()])
    print("\nExecuting the solutions, with plots ...", flush=True)
    execute_pages(root / "executed")
    return make_score_table(root)


def write_class(folder: Path, release: Path) -> None:
    """Write the demonstration class: a folder a student, one zip among them, and the roster beside it."""
    students = read_class()
    for name, submission in students.items():
        write_submission(folder / name, release, submission)
    shutil.make_archive(str(folder / "typical-mistakes"), "zip", folder / "typical-mistakes")
    shutil.rmtree(folder / "typical-mistakes")
    lines = ["id,first_name,last_name,email", *(f"{name},,," for name in (*students, "hands-in-nothing"))]
    (folder.parent / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _choose_sandbox() -> list[str]:
    """The demonstration class is part of this repository: where no sandbox works, it runs without one."""
    try:
        return ["--backend", choose_backend(None)]
    except SandboxError as error:
        print(f"{error}\nThe demonstration goes on without a sandbox: its submissions are our own.")
        return ["--no-sandbox"]


def execute_pages(folder: Path) -> None:
    """Execute every solution notebook, several at a time, and write each as an HTML page."""
    os.environ.update(HEADLESS_ENVIRONMENT | {"EXERCISE_PROFILE": "short"})
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        list(pool.map(_execute_page, list_notebooks(SOLUTIONS), [folder] * len(list_notebooks(SOLUTIONS))))


def _execute_page(path: Path, folder: Path) -> None:
    write_html(execute_notebook(path), folder / f"{path.stem}.html")


def make_score_table(root: Path) -> pd.DataFrame:
    """Return one row a submission: the points of each notebook, of all, and the status."""
    with open_gradebook(root) as gradebook:
        points = read_class_points(gradebook, ASSIGNMENT)
    names = sorted({cell.notebook for cell in points.cells})
    records = read_records(CourseAssignment(root).records)
    rows = {}
    for student, grades in sorted(points.students.items()):
        total = sum_points(grades)
        notebooks = {name: format_short(sum_points(grades, notebook=name)) for name in names}
        ends = {"wait for a person": format_points(total.waiting), "late": format_late(total)}
        rows[student] = notebooks | {"all": format_short(total)} | ends | {"status": records[student].status}
    return pd.DataFrame.from_dict(rows, orient="index")


def main() -> int:
    """Run the demonstration, print the scores, and say where everything is."""
    table = run_demo()
    print("\nPoints of the core, and optional ones on top:\n")
    print(table.T.to_string())
    folder = DEMO.relative_to(BUILD.parent)
    print(f"\nExecuted notebooks, with plots:  {folder}/executed/*.html")
    print(f"Feedback for each student:       {folder}/feedback/<name>/{ASSIGNMENT}/*.html, and one zip each beside")
    print(f"The class report:                {folder}/grading/{ASSIGNMENT}/report.html")
    print(f"Gradebook:                       {folder}/gradebook.db")
    return 0


if __name__ == "__main__":
    sys.exit(main())
