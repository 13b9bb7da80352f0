"""Cells that are not the student's, changed: what was handed out comes back before anything is graded."""

import copy

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from helpers.grading.records import GRADED
from tests.hostile.exercise import IMPORTS
from tests.hostile.submissions import change

CHECK = "read_labels_usual"
WRONG = 'def read_labels(path):\n    return ["wrong"]'


def find(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Return a cell by its grade id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def answer_wrongly(notebook: NotebookNode) -> None:
    """Put a wrong answer in place of the honest one."""
    find(notebook, "read_labels").source = WRONG


def replace(notebook: NotebookNode, grade_id: str, cell: NotebookNode) -> None:
    """Put another cell in a cell's place, with its metadata."""
    old = find(notebook, grade_id)
    cell.metadata = copy.deepcopy(old.metadata)
    notebook.cells[notebook.cells.index(old)] = cell


@change(points=2)
def changes_a_check(notebook):
    """Writes a check anew, so that it asks for what the answer gives."""
    answer_wrongly(notebook)
    find(notebook, CHECK).source = 'check_read_labels(lambda path: ["a"], labels=["a"])'


@change(points=2)
def changes_the_imports(notebook):
    """Patches the checks in the locked cell of imports."""
    answer_wrongly(notebook)
    find(notebook, "imports").source = IMPORTS + "\ncheck_read_labels = lambda *arguments, **options: None"


@change(points=2)
def deletes_the_checks(notebook):
    """Deletes every check that it does not pass."""
    answer_wrongly(notebook)
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith("read_labels_")]


@change(points=0)
def deletes_everything(notebook):
    """Hands in a notebook without any cell: nothing was answered, nothing is earned."""
    notebook.cells = []


@change(points=2)
def duplicates_a_check(notebook):
    """Copies a check that passes under the id of one that does not, before and behind it."""
    answer_wrongly(notebook)
    check = find(notebook, CHECK)
    copies = [copy.deepcopy(check) for _ in range(3)]
    for number, cell in enumerate(copies):
        cell.source, cell.id = "pass", f"copy-{number}"
        notebook.cells.insert(number * 4, cell)


@change(statuses=(GRADED,))
def duplicates_an_answer(notebook):
    """Splits an answer into two cells with the same id: both run, nothing is lost."""
    cell = copy.deepcopy(find(notebook, "read_labels"))
    cell.id = "second"
    notebook.cells.insert(notebook.cells.index(find(notebook, "read_labels")), cell)


@change()
def turns_cells_around(notebook):
    """Puts all cells into the opposite order, so that checks come before what they check."""
    notebook.cells.reverse()


@change(points=2)
def makes_checks_text(notebook):
    """Turns checks into Markdown and raw cells, which nobody runs."""
    answer_wrongly(notebook)
    replace(notebook, CHECK, new_markdown_cell("pass"))
    replace(notebook, "read_labels_plain", new_raw_cell("pass"))


@change()
def makes_a_question_code(notebook):
    """Turns a question in words into code that is run, with a function's text for a kind."""
    replace(notebook, "question", new_code_cell("raise SystemExit"))


@change(statuses=(GRADED,))
def writes_pages_into_text(notebook):
    """Writes HTML and scripts into Markdown, into the answer to a question, and into attachments of both."""
    code = "<script>alert(1)</script><img src=x onerror=alert(1)>[link](javascript:alert(1))<svg onload=alert(1)>"
    picture = {"x.svg": {"image/svg+xml": code}, "x.png": {"text/html": code, "image/png": f"'>{code}"}}
    cell = new_markdown_cell(
        f"{code}\n\n$$\\href{{javascript:alert(1)}}{{x}}$$\n\n<https://x.example/{code}>", attachments=picture
    )
    notebook.cells += [cell, new_raw_cell(code)]
    find(notebook, "question").source = f"{code} ![x](attachment:x.svg) <a href='data:text/html,{code}'>x</a>"
