"""How a check's result lies in a cell's output; imports nothing heavy, since grading reads outputs too."""

import textwrap

CHECK_MIME_TYPE = "application/vnd.exercise-check.v1+json"
LINE_WIDTH = 92  # characters


def wrap_text(text: str, *, indent: int) -> str:
    """Break a long line at spaces; the lines after the first start with `indent` spaces."""
    return textwrap.fill(text, width=LINE_WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
