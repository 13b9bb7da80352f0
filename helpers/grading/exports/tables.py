"""Write CSV files that are safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from helpers.grading.files.whole_files import writing_whole

# The start of a formula, also where a reader that splits at other signs than commas would begin a cell: there quotes
# around the whole text count for nothing. The signs are ASCII's and their wide forms, which some Excels read alike.
_FORMULA = re.compile(r"""(^|[;\t\r\n\v\f|\x85\u2028\u2029])([ "\x00\xa0]*+)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
_BLANK_FIRST = ("\t", "\r", "\n")


def defuse(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, whether it splits lines at commas, semicolons or tabs.

    An apostrophe goes before each sign that could begin one. A lone dash, Moodle's sign for nothing, stays.
    """
    if text == "-":
        return text
    text = _FORMULA.sub(r"\1\2'", text)
    return f"'{text}" if text.startswith(_BLANK_FIRST) else text


def write_csv(path: Path, rows: Iterable[Sequence[str]], *, separator: str = ",") -> Path:
    """Write rows, the header first, in UTF-8; a reader never sees half a file."""
    with writing_whole(path) as new, new.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path
