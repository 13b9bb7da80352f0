"""Turn a notebook's Markdown and code into HTML; what all students have in common is rendered once."""

import functools
import re

from markupsafe import Markup, escape
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from helpers.grading.feedback.bounds import CodeColouring

_KEPT = 2000  # cells
_TO_NOTEBOOK = re.compile(r'(href="\w+)\.ipynb(?=["#])')
_KINDS = ("text/html", "image/png", "image/jpeg", "text/markdown", "text/plain")  # the first that there is, is shown


@functools.lru_cache(_KEPT)
def render_markdown(source: str) -> Markup:
    """Return a text's HTML; a link to another notebook leads to its page."""
    return _render(source, {})


def render_cell(cell: NotebookNode) -> Markup:
    """Return a text cell's HTML; pictures in it belong to the cell, so such a cell is rendered each time."""
    attachments = cell.get("attachments")
    return _render(cell.source, attachments) if attachments else render_markdown(cell.source)


def _render(source: str, attachments: dict[str, dict[str, str]]) -> Markup:
    renderer = IPythonRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return Markup(_TO_NOTEBOOK.sub(r"\1.html", MarkdownWithMath(renderer=renderer).render(source)))


class CodeRenderer:
    """Renders the code of one notebook."""

    def __init__(self) -> None:
        self._colouring = CodeColouring()

    def __call__(self, source: str) -> Markup:
        """Colour Python code; code that takes long, or comes after much other code, stays as it is."""
        if self._colouring.allows(source):
            return _highlight(source)
        return Markup('<div class="highlight"><pre>{}</pre></div>').format(escape(source))


@functools.lru_cache(_KEPT)
def _highlight(source: str) -> Markup:
    return Markup(Highlight2HTML(pygments_lexer="ipython3")(source))


def choose_kind(output: NotebookNode) -> str:
    """Return the type, among those of an output's data, that a page shows; "" if there is none."""
    return next((kind for kind in _KINDS if kind in output.data), "")
