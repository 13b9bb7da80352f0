"""One notebook's feedback page: what to do next, then the notebook with its checks; no script, nothing fetched."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode

from helpers.grading.feedback.bounds import cut_sources
from helpers.grading.feedback.labels import label_cells
from helpers.grading.feedback.next_steps import list_steps
from helpers.grading.feedback.private_paths import shorten_paths
from helpers.grading.feedback.rendering import CodeRenderer, choose_kind, render_cell, render_markdown
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.feedback.steps import GetGradesFromOneRead, SummarizeHiddenChecks
from helpers.grading.gradebook.points import sum_points
from helpers.grading.gradebook.points_text import describe_points, format_extra, format_points
from helpers.grading.gradebook.read import StudentGrades
from helpers.grading.page_style import read_style

FOLDER = Path(__file__).parent


def make_page(
    notebook: NotebookNode,
    grades: StudentGrades,
    *,
    name: str,
    remarks: Sequence[str] = (),
    shorten: Callable[[str], str],
) -> str:
    """Return the page of the executed notebook `name`, which is changed on the way.

    `remarks` are plain sentences for the top. The page holds no script and fetches nothing.
    LookupError if the gradebook has no grade for a graded cell.
    """
    sanitize_outputs(notebook)
    shorten_paths(notebook, shorten)
    resources = ResourcesDict(nbgrader={"notebook": name, "grades": grades})
    for step in (GetGradesFromOneRead(), SummarizeHiddenChecks()):
        notebook, resources = step.preprocess(notebook, resources)
    steps = list_steps(label_cells(notebook, grades), grades)
    cut_sources(notebook)  # after the steps: they tell hidden checks by their text
    return load_template("page.html.j2").render(
        name=name,
        total=describe_points(sum_points(grades, notebook=name)),
        remarks=[shorten(remark) for remark in remarks],
        steps=steps,
        cells=notebook.cells,
        render_code=CodeRenderer(),
    )


@functools.cache
def load_template(name: str) -> Template:
    """Return one of this folder's templates, with the style of all pages; text in it is escaped."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    environment.globals |= {"render_cell": render_cell, "render_markdown": render_markdown, "choose_kind": choose_kind}
    environment.filters |= {"points": format_points, "extra": format_extra}
    style = read_style() + (FOLDER / "notebook.css").read_text(encoding="utf-8")
    return environment.get_template(name, globals={"style": Markup(style)})
