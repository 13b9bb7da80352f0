"""Write results: records into nbgrader's gradebook, executed notebooks beside it; by one process alone.

Writing a record again changes nothing. A grade that a person gave is never touched; if the student's answer
changed since, it is marked for another look.
"""

import shutil
import warnings
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import BaseCell, Gradebook, MissingEntry, SubmittedNotebook
from sqlalchemy.exc import SAWarning

from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.course.settings import write_settings
from helpers.grading.files.whole_files import write_whole
from helpers.grading.gradebook.indexes import add_indexes
from helpers.grading.gradebook.match_cells import match_cells
from helpers.grading.gradebook.open import open_course, open_gradebook, run_step
from helpers.grading.judge.template import Template, read_templates
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ROOT
from helpers.grading.records import NotebookRecord, Student, SubmissionRecord


def prepare_gradebook(assignment: CourseAssignment, *, source: Path = ROOT / "solutions") -> dict[str, Template]:
    """Put the assignment, as it is in the folder `source`, into the course's gradebook, which is made if need be.

    Return the notebooks' templates by name.
    """
    course = assignment.course
    write_settings(course)
    templates = read_templates(source / assignment.name)
    if not _holds(assignment, templates):
        with open_gradebook(course) as gradebook:
            match_cells(gradebook, assignment.name, templates)
        scratch = course / "grading" / ".release"
        api = open_course(course, source=source, release=scratch)
        run_step(api.generate_assignment, assignment.name, force=True, create=True)
        shutil.rmtree(scratch, ignore_errors=True)
    with open_gradebook(course) as gradebook:
        add_indexes(gradebook)
    return templates


def _holds(assignment: CourseAssignment, templates: Mapping[str, Template]) -> bool:
    """Return whether the gradebook has these very notebooks already."""
    if not (assignment.course / "gradebook.db").exists():
        return False
    with open_gradebook(assignment.course) as gradebook:
        try:
            notebooks = gradebook.find_assignment(assignment.name).notebooks
        except MissingEntry:
            return False
        sources = {book.name: {cell.name: cell.source for cell in book.source_cells} for book in notebooks}
        points = {book.name: {cell.name: cell.max_score for cell in book.grade_cells} for book in notebooks}
    return sources == {
        name: {grade_id: cell.source for grade_id, cell in template.cells.items()}
        for name, template in templates.items()
    } and points == {name: template.points for name, template in templates.items()}


def write_students(gradebook: Gradebook, students: Iterable[Student]) -> None:
    """Add the roster's students, so that those who handed nothing in are known too."""
    known = {student.id for student in gradebook.students}
    for student in students:
        names = {"first_name": student.first_name, "last_name": student.last_name, "email": student.email}
        names = {key: value for key, value in names.items() if value}
        if names or student.id not in known:
            gradebook.update_or_create_student(student.id, **names)


def write_result(
    gradebook: Gradebook, assignment: CourseAssignment, result: GradedSubmission, *, before: SubmissionRecord | None
) -> None:
    """Write one submission's points, comments and executed notebooks. `before` is the record written last time.

    All of it or, of points and comments, nothing.
    """
    if not result.record.notebooks:
        return  # missing or unreadable: no submission, which is not the same as zero points
    try:
        _write_submission(gradebook, assignment, result, before)
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()  # or the next student's rows would meet what is left of this one's
        raise


def _write_submission(
    gradebook: Gradebook, assignment: CourseAssignment, result: GradedSubmission, before: SubmissionRecord | None
) -> None:
    record = result.record
    write_notebooks(assignment.find_executed(record.student), result.notebooks)
    options = {"timestamp": parse_time(record.timestamp)} if record.timestamp else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader makes its rows in an order that SQLAlchemy 2 remarks on
        submission = gradebook.update_or_create_submission(assignment.name, record.student, **options)
    earlier, names = _hash_by_cell(before), dict(gradebook.db.query(BaseCell.id, BaseCell.name).all())
    notebooks = {notebook.name: notebook for notebook in submission.notebooks}
    with gradebook.db.no_autoflush:
        for notebook in record.notebooks:
            _write_grades(notebooks[notebook.name], notebook, names, earlier)
            if notebook.name in result.notebooks:
                _write_comments(notebooks[notebook.name], notebook, names)


def _hash_by_cell(record: SubmissionRecord | None) -> dict[str, str]:
    notebooks = record.notebooks if record else ()
    return {cell.grade_id: cell.text_sha256 for notebook in notebooks for cell in notebook.cells}


def _write_grades(
    row: SubmittedNotebook, record: NotebookRecord, names: Mapping[str, str], earlier: Mapping[str, str]
) -> None:
    """Write points. `names` maps the gradebook's own ids of cells to grade ids: a query for each would be slow."""
    cells = {cell.grade_id: cell for cell in record.cells}
    for grade in row.grades:
        cell = cells.get(names[grade.cell_id])
        if cell is None:  # graded before the exercise got this cell
            continue
        grade.auto_score = cell.points
        if grade.manual_score is None:
            grade.needs_manual_grade = cell.needs_manual
        elif earlier.get(cell.grade_id) != cell.text_sha256:
            grade.needs_manual_grade = True


def _write_comments(row: SubmittedNotebook, record: NotebookRecord, names: Mapping[str, str]) -> None:
    """Mark answers that are still the stub, as nbgrader does."""
    for comment in row.comments:
        comment.auto_comment = "No response." if names[comment.cell_id] in record.unanswered else None


def parse_time(text: str) -> datetime:
    """Return an ISO time as nbgrader stores it: UTC without a zone."""
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def write_notebooks(folder: Path, notebooks: Mapping[str, str]) -> None:
    """Write executed notebooks, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in notebooks.items():
        write_whole(folder / f"{name}.ipynb", text)
