"""Read a list of two columns that an instructor writes."""

from collections.abc import Iterator
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.lms.tables import read_table


def read_pairs(path: Path, columns: tuple[str, str]) -> Iterator[tuple[int, str, str]]:
    """Yield the number of each line of a CSV file, and its cells in these columns. IntakeError if it has not both."""
    table = read_table(path)
    header = [column.casefold() for column in table.header]
    if not set(columns) <= set(header):
        raise IntakeError(
            f"{table.name}, line 1: must have the columns {columns[0]} and {columns[1]}, a line for each {columns[1]}."
        )
    places = [header.index(column) for column in columns]
    for line, cells in table.rows:
        yield line, cells[places[0]], cells[places[1]]
