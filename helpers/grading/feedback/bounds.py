"""How much of what students wrote is rendered, so that nobody's feedback takes for ever; what is cut says so."""

import re

from nbformat import NotebookNode

MAX_COLOURED_SOURCE, MAX_COLOURED_LINE = 20_000, 300  # characters of a cell, and of a line of it
MAX_COLOURED_BLANK = 200  # characters in a row: at each line the lexer looks ahead over all blank lines that follow
MAX_COLOURED_A_NOTEBOOK = 60_000  # characters; the exercise's longest notebook has 23,000
MAX_SOURCE, MAX_SOURCE_A_NOTEBOOK = 50_000, 300_000  # characters of code that a page shows
MAX_MARKDOWN, MAX_MARKDOWN_A_NOTEBOOK = 20_000, 60_000  # rendering slows down with the square of a text's length
ALWAYS_SHOWN = 100  # characters of a cell, however long the cells before it were
_BLANK = re.compile(r"\s+")


class CodeColouring:
    """Chooses the cells of one notebook whose code is coloured."""

    def __init__(self) -> None:
        self._left = MAX_COLOURED_A_NOTEBOOK

    def allows(self, source: str) -> bool:
        """Tell whether a cell's code is coloured; if so, there is less left for those after it."""
        if len(source) > min(self._left, MAX_COLOURED_SOURCE):
            return False
        if max(map(len, source.splitlines()), default=0) > MAX_COLOURED_LINE:
            return False
        if max(map(len, _BLANK.findall(source)), default=0) > MAX_COLOURED_BLANK:
            return False
        self._left -= len(source)
        return True


class TextRoom:
    """What is left of a notebook's room for one kind of text."""

    def __init__(self, most_a_cell: int, most_a_notebook: int) -> None:
        self._most_a_cell, self._left = most_a_cell, most_a_notebook

    def cut(self, text: str) -> str:
        """Return text cut to what a cell and the notebook may show, with a line that says so; as often as one likes."""
        most = max(min(self._most_a_cell, self._left), ALWAYS_SHOWN)
        self._left -= min(len(text), most)
        if len(text) <= most:
            return text
        return f"{text[:most]}\n\n[The rest is cut off: only {most:,} characters are shown.]"


def cut_sources(notebook: NotebookNode) -> None:
    """Cut the code of `notebook`, in place, to what a page shows."""
    room = TextRoom(MAX_SOURCE, MAX_SOURCE_A_NOTEBOOK)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = room.cut(cell.source)
