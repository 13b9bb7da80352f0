"""One course folder through a term: what is handed in, the lists, the command, and what the gradebook then holds."""

import csv
import shutil
from pathlib import Path

from nbgrader.api import Gradebook

from helpers.grading.commands.grade import main as grade
from helpers.grading.gradebook.open import get_db_url, open_gradebook
from helpers.grading.gradebook.read import StudentGrades, read_student
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.small_course import ANSWERS, write_exercise, write_submission

CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section\n"
LINES = {name: f'"{name.upper()}, Student",{number},S{number},{name},X\n' for number, name in enumerate("abcd", 1000)}
GUEST = '"Guest, Student",1010,,,X\n'
QUESTION = "explain_eval"
FULL = 7.0  # points of a machine, for ANSWERS: 4 of the core, 3 optional ones


class Term:
    """One course below `folder`: what is handed in, the roster, and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.course, self.exercise = folder, folder / "course", write_exercise(folder / "exercise")
        self.handed_in = folder / "handed_in"

    @property
    def kept(self) -> Path:
        """What the course keeps of the exercise; the course may move."""
        return CourseAssignment(self.course).kept

    def hand_in(self, *students: str, answers=ANSWERS, only: str = "") -> None:
        """Put these students' work, and nothing else, where it is downloaded to."""
        shutil.rmtree(self.handed_in, ignore_errors=True)
        for student in students:
            folder = write_submission(self.handed_in / student, self.exercise, answers)
            for path in folder.glob("*.ipynb"):
                if only and path.stem != only:
                    path.unlink()

    def grade(self, *arguments: str, roster: str = "", new: bool = True) -> int:
        """Run the command, with what is handed in if it is `new`."""
        handed_in = [str(self.handed_in)] if new else []
        if roster:
            (self.folder / "roster.csv").write_text(roster, encoding="utf-8")
            handed_in += ["--roster", str(self.folder / "roster.csv")]
        where = ["--course", str(self.course), "--source", str(self.exercise), "--workers", "1"]
        return grade([*handed_in, *where, *arguments])

    def give_points(self, student: str, points: float) -> None:
        """Grade a student's written answer by hand."""
        with Gradebook(get_db_url(self.course)) as gradebook:
            row = gradebook.find_grade(QUESTION, "04_inference", ASSIGNMENT, student)
            row.manual_score, row.needs_manual_grade = points, False
            gradebook.db.commit()

    def read_points(self) -> dict[str, float]:
        """Return every student's points, from the gradebook."""
        with open_gradebook(self.course) as gradebook:
            students = [submission.student.id for submission in gradebook.assignment_submissions(ASSIGNMENT)]
            return {one: _sum(read_student(gradebook, ASSIGNMENT, one)) for one in students}

    def read_export(self) -> dict[str, str]:
        """Return what would be uploaded to Canvas, by the system's number."""
        with (self.kept / "exports" / "canvas.csv").open(encoding="utf-8") as file:
            return {row["ID"]: row["Exercise 01"] for row in csv.DictReader(file) if row["ID"]}


def _sum(grades: StudentGrades) -> float:
    return sum(grade.points or 0.0 for grade in grades.cells.values())
