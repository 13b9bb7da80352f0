"""The page that a student gets back, made as the grader makes it, and whether anything in it would run."""

from dataclasses import asdict
from html.parser import HTMLParser

import nbformat

from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.feedback.index import list_remarks, make_index
from helpers.grading.feedback.pages import make_page
from helpers.grading.gradebook.read import CellGrade, GradedCell, StudentGrades
from helpers.grading.records import NotebookRecord, SubmissionRecord

DANGEROUS_TAGS = frozenset({"script", "iframe", "object", "embed", "svg", "form", "base", "link", "applet"})


def make_pages(result: GradedSubmission) -> str:
    """Return everything that a student gets to see of a result: the pages of its notebooks, and the first page."""
    record = result.record
    grades = _make_grades(record)
    index = make_index("Exercise 01", record.student, grades, record, result.notebooks, list_remarks(record))
    pages = [_make_page(result, notebook, grades) for notebook in record.notebooks]
    return "\n".join([index, *pages])


def _make_page(result: GradedSubmission, notebook: NotebookRecord, grades: StudentGrades) -> str:
    if notebook.name not in result.notebooks:
        return ""
    executed = nbformat.reads(result.notebooks[notebook.name], as_version=4)
    options = {"name": notebook.name, "remarks": list_remarks(notebook), "shorten": str}
    return make_page(executed, grades, **options)


def _make_grades(record: SubmissionRecord) -> StudentGrades:
    cells = {}
    for notebook in record.notebooks:
        for cell in notebook.cells:
            graded = GradedCell(notebook.name, cell.grade_id, cell.max_points)
            cells[cell.grade_id] = CellGrade(graded, cell.points, waits=cell.needs_manual)
    return StudentGrades(cells)


def find_active_content(page: str) -> list[str]:
    """Return what in a page would run, or fetch something."""
    finder = _Finder()
    finder.feed(page)
    return sorted(finder.found)


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DANGEROUS_TAGS:
            self.found.add(f"<{tag}>")
        for name, value in attrs:
            address = (value or "").strip().lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:", "data:text/html")):
                self.found.add(f"<{tag} {name}>")
            if name == "src" and not address.startswith("data:image/"):
                self.found.add(f"<{tag} src> from elsewhere")


def describe_record(record: SubmissionRecord) -> str:
    """Return all that a record says, as text: exports and reports are made of it."""
    return repr(asdict(record))
