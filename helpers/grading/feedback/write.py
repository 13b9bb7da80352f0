"""Write what students get back: in feedback/STUDENT/ASSIGNMENT/, and the same in feedback/STUDENT-ASSIGNMENT.zip."""

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from helpers.grading.errors import concerns_everybody
from helpers.grading.feedback.index import list_remarks, make_index
from helpers.grading.feedback.pages import make_page
from helpers.grading.feedback.private_paths import make_shortener
from helpers.grading.files.zips import write_zip
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.read import read_student
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import read_notebook
from helpers.grading.records import MISSING, SubmissionRecord, read_record

_UNSAFE = re.compile(r"[/\\:\x00-\x1f]|^\.")


@dataclass(frozen=True)
class Feedback:
    """What became of one student's feedback: the zip, or a sentence that says why there is none."""

    student: str
    archive: Path | None
    problem: str = ""


def write_feedback(assignment: CourseAssignment, students: Iterable[str]) -> list[Feedback]:
    """Write the pages of `students` from their autograded notebooks, the gradebook and their records.

    One student's trouble stops nobody else's pages; it is told in the result. Who handed in nothing gets none.
    Several processes may do this at once for different students.
    """
    assignment = replace(assignment, course=Path(assignment.course).resolve())
    shorten, results = make_shortener(assignment.course), []
    with open_gradebook(assignment.course) as gradebook:
        for student in students:
            try:
                pages = _make_pages(assignment, student, gradebook, shorten)
                archive = _replace_pages(assignment, student, pages) if pages else None
                results.append(Feedback(student, archive, "" if pages else "Nothing was handed in."))
            except Exception as error:  # whatever a hostile notebook makes of a page must not stop the class
                if concerns_everybody(error):
                    raise
                results.append(Feedback(student, None, f"No feedback: {type(error).__name__}: {error}"))
            gradebook.db.rollback()
    return results


def _make_pages(
    assignment: CourseAssignment, student: str, gradebook: Gradebook, shorten: Callable[[str], str]
) -> dict[str, str]:
    """Return a student's pages by file name; none if nothing was handed in."""
    if not student or _UNSAFE.search(student):
        raise ValueError("This student's id cannot be the name of a file: change it in the roster.")
    record, grades = _read_record(assignment, student), read_student(gradebook, assignment.name, student)
    if (record is None and not grades.cells) or (record is not None and record.status == MISSING):
        return {}
    notes = {notebook.name: list_remarks(notebook) for notebook in (record.notebooks if record else ())}
    pages = {}
    for path in sorted(assignment.find_executed(student).glob("*.ipynb")):
        if path.is_file() and not path.is_symlink():
            options: dict[str, Any] = {"name": path.stem, "remarks": notes.get(path.stem, ()), "shorten": shorten}
            pages[f"{path.stem}.html"] = make_page(read_notebook(path), grades, **options)
    remarks = [shorten(remark) for remark in list_remarks(record)]
    names = {Path(name).stem for name in pages}
    return {"index.html": make_index(assignment.title, student, grades, record, names, remarks), **pages}


def _read_record(assignment: CourseAssignment, student: str) -> SubmissionRecord | None:
    path = assignment.records / f"{student}.json"
    return read_record(path, assignment=assignment.name) if path.exists() else None


def _replace_pages(assignment: CourseAssignment, student: str, pages: Mapping[str, str]) -> Path:
    """Put the new pages in place of the old ones, whole; return the zip."""
    folder, archive = assignment.find_feedback(student)
    new, old = (archive.with_name(f".{archive.stem}.{ending}") for ending in ("new", "old"))
    for leftover in (new, old):  # of a run that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    for name, page in pages.items():
        (new / name).write_text(page, encoding="utf-8")
    folder.parent.mkdir(exist_ok=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    write_zip(archive, {f"{assignment.name}/{name}": page.encode() for name, page in pages.items()}, level=1)
    shutil.rmtree(old, ignore_errors=True)
    return archive
