"""Show the whole path: release, a small demonstration class, autograding, scores, feedback, executed pages.

python -m helpers.grading.demo           writes everything into build/demo
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from helpers.grading.course import GradingError, make_scratch_course, open_course, run_step
from helpers.grading.demonstration import read_class, write_submission
from helpers.grading.execute import write_html
from helpers.grading.notebooks import ASSIGNMENT, BUILD, HEADLESS_ENVIRONMENT, list_notebooks, read_notebook
from helpers.grading.scores import list_died_notebooks, read_notebook_scores

DEMO = BUILD / "demo"


def run_demo(root: Path = DEMO) -> pd.DataFrame:
    """Release, hand in, grade and give back in the folder `root` (emptied first); return the table of scores."""
    print("Releasing the notebooks ...", flush=True)
    make_scratch_course(root)
    submissions = read_class()
    for name, submission in submissions.items():
        folder = root / "submitted" / name / ASSIGNMENT
        write_submission(folder, root / "notebooks" / ASSIGNMENT, submission)
    print(f"Grading {len(submissions)} submissions, one torch thread a kernel:", flush=True)
    for name in tqdm(grade_all(root, list(submissions)), total=len(submissions), unit="submission", file=sys.stdout):
        tqdm.write(f"  {name}: {describe_outcome(root, name)}", file=sys.stdout)
    for path in list_notebooks(root / "autograded" / "all-right" / ASSIGNMENT):
        write_html(read_notebook(path), root / "executed" / f"{path.stem}.html")
    return make_score_table(root)


def grade_all(root: Path, students: list[str]) -> Iterator[str]:
    """Grade every student's submission, several at a time, and yield the names as they are done."""
    os.environ.update(HEADLESS_ENVIRONMENT)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        jobs = {pool.submit(grade_submission, root, student): student for student in students}
        for job in as_completed(jobs):
            job.result()  # raises only for a mistake of our own
            yield jobs[job]


def grade_submission(root: Path, student: str) -> None:
    """Autograde one submission and write its feedback pages; a failure is written down and stops nobody else."""
    api = open_course(root)
    try:
        run_step(api.autograde, ASSIGNMENT, student, force=True, create=True)
        run_step(api.generate_feedback, ASSIGNMENT, student, force=True)
    except GradingError as error:
        log = root / "not_graded" / f"{student}.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(str(error), encoding="utf-8")


def describe_outcome(root: Path, student: str) -> str:
    """Return "graded", which notebooks were graded in part and why, or where to read why not."""
    if (root / "not_graded" / f"{student}.log").exists():
        return f"not graded: see not_graded/{student}.log"
    died = list_died_notebooks(root / "autograded" / student / ASSIGNMENT)
    return f"graded in part: the kernel died in {', '.join(died)}" if died else "graded"


def make_score_table(root: Path) -> pd.DataFrame:
    """Return one row a submission: points of each notebook, the total, what waits for a person, the outcome."""
    scores = pd.DataFrame([vars(score) for score in read_notebook_scores(f"sqlite:///{root / 'gradebook.db'}")])
    possible = scores.groupby("notebook")["autograded_points_possible"].max()
    table = scores.pivot(index="student", columns="notebook", values="points")
    table.columns = [f"{notebook} (of {possible[notebook]:g})" for notebook in table.columns]
    table[f"total (of {possible.sum():g})"] = table.sum(axis=1)
    table["to grade by hand"] = scores.groupby("student")["cells_to_grade"].sum()
    table["outcome"] = [describe_outcome(root, student) for student in table.index]
    return table


def main() -> int:
    """Run the demonstration, print the scores, and say where everything is."""
    table = run_demo()
    print("\nAutograded points (questions in free text wait for a person):\n")
    print(table.map(lambda value: f"{value:g}" if isinstance(value, float) else value).T.to_string())
    folder = DEMO.relative_to(BUILD.parent)
    print(f"\nExecuted notebooks, with plots:  {folder}/executed/*.html")
    print(f"Feedback for each student:       {folder}/feedback/<name>/{ASSIGNMENT}/*.html")
    print(f"Gradebook:                       {folder}/gradebook.db")
    return 0


if __name__ == "__main__":
    sys.exit(main())
