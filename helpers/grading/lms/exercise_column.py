"""The column of a gradebook that is named after the exercise."""

import re
from collections.abc import Iterable

from helpers.grading.files.names import fold
from helpers.grading.notebooks.paths import ASSIGNMENT

TITLE = ASSIGNMENT.replace("_", " ").capitalize()


def find_column(columns: Iterable[str], pattern: re.Pattern) -> str:
    """Return the only column named after the exercise, "" without one; `pattern` finds a column's `title`."""
    fitting = [
        column
        for column in dict.fromkeys(columns)
        if (match := pattern.fullmatch(column)) and fold(match["title"]).startswith(fold(TITLE))
    ]
    return fitting[0] if len(fitting) == 1 else ""
