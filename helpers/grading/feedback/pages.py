"""One notebook's feedback page, in nbgrader's own look, with what only this course needs said at its top."""

import functools
import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import GenerateFeedback

from helpers.grading.feedback.bounds import CodeColouring, cut_sources
from helpers.grading.feedback.private_paths import shorten_paths
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.feedback.steps import GetGradesFromOneRead, SummarizeHiddenChecks
from helpers.grading.gradebook.points import sum_points
from helpers.grading.gradebook.points_text import describe_points
from helpers.grading.gradebook.read import StudentGrades

_KEPT = 2000  # rendered cells: what all students have in common is rendered once
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_SCRIPT = re.compile(r"<script\b.*?</script\s*>", flags=re.DOTALL)
_TOP = '<a name="top"></a>'
_HEAD = f"""<head>
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<style>.dataframe td, .dataframe th {{ padding: 0.1em 0.6em }}</style>"""


class PageExporter(HTMLExporter):
    """nbconvert's exporter, made once for many notebooks: it keeps what it has rendered.

    The last step of HTMLExporter is left out, which parses every page anew to add alternative texts and took
    more than half of the time; and so is strip_files_prefix, which mends links of IPython before 2013 and takes time
    with the square of the number of brackets.
    """

    def __init__(self, **options):
        self._highlight = functools.lru_cache(_KEPT)(Highlight2HTML(pygments_lexer="ipython3"))
        self._render = functools.lru_cache(_KEPT)(functools.partial(super().markdown2html, {}))
        self._colouring = CodeColouring()
        super().__init__(**options)
        self.register_filter("strip_files_prefix", lambda text: text)

    @pass_context
    def markdown2html(self, context, source: str) -> str:
        """Render Markdown; pictures in it belong to the cell, so such a cell is rendered each time."""
        if context.get("cell", {}).get("attachments"):
            return super().markdown2html(context, source)
        return self._render(source)

    def highlight_code(self, source: str, metadata: NotebookNode | None = None) -> str:
        """Colour Python code; code that takes long, or comes after much other code, stays as it is."""
        return self._highlight(source) if self._colouring.allows(source) else f"<pre>{html.escape(source)}</pre>"

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **options: Any) -> tuple[Any, dict[str, Any]]:
        """Return a notebook's page and its resources."""
        self._colouring = CodeColouring()
        resources = self._init_resources(resources)
        widgets = WidgetsDataTypeFilter(notebook_metadata=self._nb_metadata, parent=self, resources=resources)
        self.register_filter("filter_data_type", widgets)
        self.register_filter("highlight_code", self.highlight_code)
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)


def make_exporter(api: NbGraderAPI) -> PageExporter:
    """Return an exporter with nbgrader's feedback template and the course's settings."""
    exporter = PageExporter(config=GenerateFeedback(coursedir=api.coursedir, config=api.config).config)
    exporter.register_preprocessor(CSSHTMLHeaderPreprocessor, enabled=True)
    return exporter


def make_page(
    exporter: PageExporter,
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
    resources: Any = {"nbgrader": {"notebook": name, "grades": grades}, "metadata": {"name": name}}
    for step in (GetGradesFromOneRead(), SummarizeHiddenChecks()):
        notebook, resources = step.preprocess(notebook, resources)
    cut_sources(notebook)  # after the steps: they tell hidden checks by their text
    page, _ = exporter.from_notebook_node(notebook, resources)
    head, end_of_head, body = page.partition("</head>")
    head = _SCRIPT.sub("", head).replace("<head>", _HEAD, 1)
    sentences = "".join(f"<p>{html.escape(shorten(remark))}</p>" for remark in remarks)
    banner = f'<div class="container"><div class="alert alert-warning">{sentences}</div></div>' if remarks else ""
    total = html.escape(describe_points(sum_points(grades, notebook=name)))
    banner = f'<div class="container"><p>Points of this notebook: {total}.</p></div>{banner}'
    return head + end_of_head + body.replace(_TOP, _TOP + banner, 1)
