"""The column of a Canvas export that is named after the exercise, and how many points Canvas gives for it."""

import re
from collections.abc import Iterable, Mapping

from helpers.grading.files.names import fold

WITH_ID = re.compile(r"(?P<title>.+) \(\d+\)")


def find_title(columns: Iterable[str], title: str) -> str:
    """Return the only column whose name begins with `title`, "Exercise 01 ... (4711)"; "" without one."""
    fitting = [
        column
        for column in dict.fromkeys(columns)
        if title and (match := WITH_ID.fullmatch(column)) and fold(match["title"]).startswith(fold(title))
    ]
    return fitting[0] if len(fitting) == 1 else ""


def find_points_possible(row: Mapping[str, str], title: str) -> str:
    """Return what the row "Points Possible" says of the column `title`, "" if nothing."""
    return row.get(find_title(row, title), "")
