"""A course as earlier versions kept it: one assignment, exercise_01, whose files lay in grading/ itself."""

from pathlib import Path

from helpers.grading.notebooks.assignment import CourseAssignment


def move_back(course: Path) -> None:
    """Put the files of exercise_01 where earlier versions had them."""
    assignment = CourseAssignment(course)
    for path in assignment.kept.iterdir():
        path.rename(course / "grading" / path.name)
    assignment.kept.rmdir()
    for path in (course / "feedback").glob(f"*-{assignment.name}.zip"):
        path.rename(path.with_name(path.name.replace(f"-{assignment.name}", "")))


def list_files(course: Path) -> dict[str, str]:
    """Return the text of every file below `course` by its path."""
    return {path.relative_to(course).as_posix(): path.read_text() for path in course.rglob("*") if path.is_file()}
