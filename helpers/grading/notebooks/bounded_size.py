"""Write executed notebooks so that all of one submission stay within a bound; what is left out says so."""

from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

from helpers.checks.output import CHECK_MIME_TYPE

MAX_CHARACTERS = 24_000_000  # of a submission's executed notebooks; those of the solutions have 5,600,000
MAX_SOURCE = 1_000  # characters of a student's cell, once there is no room
NO_PICTURES = "[left out: the executed notebooks of a submission may have 24 MB, and there are more]"
CUT = "\n[The rest is cut off here: see the file that was handed in.]"


def write_within(notebook: NotebookNode, most: int) -> str:
    """Return an executed notebook, with outputs as sanitize_outputs leaves them, as text.

    If it has more than `most` characters, first pictures and HTML go, then what was printed, then the rest of long
    cells: then it has no more than some MB, whatever `most` is. The notebook is changed on the way.
    """
    text = nbformat.writes(notebook) + "\n"
    steps: tuple[Callable[[NotebookNode], None], ...] = (_leave_out_pictures, _leave_out_text, _cut_sources)
    for step in steps:
        if len(text) <= most:
            break
        step(notebook)
        text = nbformat.writes(notebook) + "\n"
    return text


def _leave_out_pictures(notebook: NotebookNode) -> None:
    """Leave of what was shown only what checks report; what a cell printed stays."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                kept = {kind: output.data[kind] for kind in (CHECK_MIME_TYPE,) if kind in output.data}
                output.data = NotebookNode({"text/plain": NO_PICTURES} | kept)
                output.metadata = NotebookNode()


def _leave_out_text(notebook: NotebookNode) -> None:
    """Leave one line of a cell's outputs, and its errors and reports in short."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = NO_PICTURES
            elif output.output_type == "error":
                output.traceback = [line[:MAX_SOURCE] for line in output.traceback[-1:]]


def _cut_sources(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if not cell.metadata.get("nbgrader", {}).get("locked") and len(cell.source) > MAX_SOURCE:
            cell.source = cell.source[:MAX_SOURCE] + CUT
