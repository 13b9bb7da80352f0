"""How much a cell and a notebook may print, show and send: each limit stands here once, in words too.

The process that runs the cells bounds itself by the numbers for a cell (outputs.py). The judge believes none of it and
counts again (room.py), with a little room to spare for what a line about a limit takes itself.
"""

MAX_TEXT = 200_000  # characters that a cell prints
MAX_RICH_BYTES = 6_000_000  # pictures and HTML of a cell, as they are sent
MAX_SHOWN = 1_000  # things that a cell shows, errors and clearing among them
MAX_OUTPUTS = 500  # that are kept of a cell: text that was printed in one go is one
MAX_MESSAGE = 4_000  # characters of an error's name, of its message, and of a line of its traceback
MAX_SENT_BYTES = 11_000_000  # by a cell, all together
MAX_CELL_BYTES = 12_000_000  # the judge ends a process that sends more for one cell
MAX_QUESTION_BYTES = 400_000_000  # one question with its calls

MAX_KEPT_TEXT, MAX_KEPT_RICH = MAX_TEXT * 5 // 4, MAX_RICH_BYTES + 500_000  # characters of a cell, errors among them
NOTEBOOK_TEXT = 1_000_000  # characters of a notebook
NOTEBOOK_RICH = 2 * MAX_RICH_BYTES  # characters of a notebook; the solutions' largest has 2.1 MB
NOTEBOOK_OUTPUTS = 4 * MAX_OUTPUTS


def _in_mb(size: int) -> str:
    return f"{size // 1_000_000} MB"


PRINTED = f"a cell may print {MAX_TEXT:,} characters"
SHOWN = f"a cell may show {MAX_SHOWN:,} things"
RICH = f"a cell may show {_in_mb(MAX_RICH_BYTES)} of pictures and HTML"
OF_A_NOTEBOOK = {
    "text": f"a cell may show {MAX_KEPT_TEXT:,} characters, a notebook {NOTEBOOK_TEXT:,}",
    "rich": f"{RICH}, a notebook {_in_mb(NOTEBOOK_RICH)}",
    "outputs": f"a cell may show {MAX_OUTPUTS} outputs, a notebook {NOTEBOOK_OUTPUTS:,}",
}
