"""Write all exports of a course: nbgrader.csv, exercises.csv, canvas.csv and moodle.csv."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader.api import MissingEntry

from helpers.grading.course import GradingError, open_gradebook
from helpers.grading.exports.canvas_csv import write_canvas_csv
from helpers.grading.exports.exercises_csv import write_exercises_csv
from helpers.grading.exports.gradebook_scores import read_class_scores
from helpers.grading.exports.moodle_csv import write_moodle_csv
from helpers.grading.exports.nbgrader_csv import write_nbgrader_csv
from helpers.grading.notebooks import ASSIGNMENT
from helpers.grading.records import Student, SubmissionRecord


def write_exports(course: Path, students: Sequence[Student], records: Mapping[str, SubmissionRecord]) -> list[Path]:
    """Write the tables into COURSE/grading/exports and return their paths.

    Points come from the gradebook, so that a person's grades count; causes and statuses come from `records`, by
    student id. GradingError if the exercise is in no gradebook.
    """
    folder, ids = Path(course) / "grading" / "exports", {student.id for student in students}
    if not (Path(course) / "gradebook.db").exists():
        raise GradingError(f"There is no gradebook.db in {course}: grade the exercise first.")
    with open_gradebook(course) as gradebook:
        try:
            scores = read_class_scores(gradebook)
        except MissingEntry:
            raise GradingError(f"{ASSIGNMENT} is not in the gradebook of {course}: grade the exercise first.") from None
        paths = [write_nbgrader_csv(folder / "nbgrader.csv", gradebook, students=ids)]
    paths.append(write_exercises_csv(folder / "exercises.csv", students, records, scores))
    paths.append(write_canvas_csv(folder / "canvas.csv", students, records, scores))
    paths.append(write_moodle_csv(folder / "moodle.csv", students, records, scores))
    return paths
