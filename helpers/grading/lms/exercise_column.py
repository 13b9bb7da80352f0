"""The column of a gradebook that is named after the exercise."""

import re
from collections.abc import Iterable

from helpers.grading.files.names import fold


def find_column(columns: Iterable[str], pattern: re.Pattern, title: str) -> str:
    """Return the only column whose title begins with `title`, "" without one; `pattern` finds a column's `title`."""
    fitting = [
        column
        for column in dict.fromkeys(columns)
        if title and (match := pattern.fullmatch(column)) and fold(match["title"]).startswith(fold(title))
    ]
    return fitting[0] if len(fitting) == 1 else ""
