"""Write all exports of a course: nbgrader.csv, exercises.csv, and a file for each LMS, such as canvas.csv."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.grading.course.settings import read_extra
from helpers.grading.errors import GradingError
from helpers.grading.exports.exercises_csv import write_exercises_csv
from helpers.grading.exports.nbgrader_csv import write_nbgrader_csv
from helpers.grading.exports.upload_csv import write_uploads
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.points import read_class_points
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Student, SubmissionRecord


def write_exports(
    assignment: CourseAssignment, students: Sequence[Student], records: Mapping[str, SubmissionRecord]
) -> list[Path]:
    """Write the tables into COURSE/grading/ASSIGNMENT/exports and return their paths.

    Points come from the gradebook, so that a person's grades count; causes and statuses come from `records`, by
    student id. GradingError if the exercise is in no gradebook.
    """
    course, folder, ids = assignment.course, assignment.kept / "exports", {student.id for student in students}
    if not (Path(course) / "gradebook.db").exists():
        raise GradingError(f"There is no gradebook.db in {course}: grade the exercise first.")
    with open_gradebook(course) as gradebook:
        points = read_class_points(gradebook, assignment.name, extra=read_extra(course))
        if not points.cells:
            raise GradingError(f"{assignment.name} is not in the gradebook of {course}: grade the exercise first.")
        paths = [write_nbgrader_csv(folder / "nbgrader.csv", gradebook, assignment.name, points, students=ids)]
    paths.append(write_exercises_csv(folder / "exercises.csv", students, records, points))
    return [*paths, *write_uploads(folder, students, records, points, title=assignment.title)]
