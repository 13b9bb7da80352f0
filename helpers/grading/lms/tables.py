"""Read a CSV file as spreadsheets of any country write it: any of three separators, UTF-8 or UTF-16."""

import codecs
import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.lms.columns import count_known, normalize_column

MAX_BYTES = 20_000_000
SEPARATORS = (",", ";", "\t")
NAMED = {
    "id": "ID number",
    "number": "Identifier",
    "name": "Full name",
    "first": "First name",
    "last": "Last name",
    "email": "Email address",
}
"""What columns can be named by hand, and what they are then called; `number` stands in the names of folders."""


@dataclass(frozen=True)
class Table:
    """A file's header, and its rows, each with the number of the line that it ends on."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(path: Path) -> Table:
    """Return the table in a CSV file; the separator is that which finds most of the known columns.

    IntakeError, with the line, for what is no CSV.
    """
    text = _decode(path)
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').casefold().startswith("sep="):  # a line that only Excel understands
        text = "\n" + rest
    lines = list(_split(path, text, _choose_separator(text)))
    if not lines:
        raise IntakeError(f"{path.name} is empty: export the roster again.")
    (_, header), *rows = lines
    header = [column.strip() for column in header]
    return Table(path.name, header, [(line, _fit(path, line, row, header)) for line, row in rows])


def name_columns(table: Table, columns: str) -> Table:
    """Return the table with the columns named as `columns` says, such as "id=Kennung,name=Name" (see NAMED).

    IntakeError if it says nothing that fits.
    """
    header = list(table.header)
    for part in filter(str.strip, columns.split(",")):
        meaning, _, name = (word.strip() for word in part.partition("="))
        places = [place for place, column in enumerate(header) if normalize_column(column) == normalize_column(name)]
        if meaning not in NAMED or len(places) != 1:
            raise IntakeError(
                f'ROSTER_COLUMNS says "{part.strip()}": write {", ".join(f"{one}=..." for one in NAMED)} with columns '
                f"of {table.name}, which are: {', '.join(filter(None, table.header))}."
            )
        header[places[0]] = NAMED[meaning]
    return replace(table, header=header)


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise IntakeError(f"Cannot read the roster {path} ({error.strerror}): name a CSV file.") from None
    if data is None:
        raise IntakeError(f"{path.name} is larger than {MAX_BYTES / 1e6:g} MB: name the roster's CSV file.")
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise IntakeError(
            f"{path.name}, line {line}: is neither UTF-8 nor Unicode text: save it again as 'CSV UTF-8'."
        ) from None


def _choose_separator(text: str) -> str:
    def measure(separator: str) -> tuple[int, int]:
        header = next(csv.reader(text.strip().splitlines()[:1], delimiter=separator), [])
        return count_known(header), len(header)

    return max(SEPARATORS, key=measure)


def _split(path: Path, text: str, separator: str):
    """Yield the number of the line and the cells of each row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise IntakeError(f"{path.name}, line {reader.line_num}: is no CSV ({error}): export it again.") from None


def _fit(path: Path, line: int, row: list[str], header: list[str]) -> list[str]:
    """Return the row as long as the header: spreadsheets leave out empty cells at the end."""
    if any(cell.strip() for cell in row[len(header) :]):
        raise IntakeError(
            f"{path.name}, line {line}: has {len(row)} cells, but the header has {len(header)}: put a cell with "
            "a separator in it in quotes."
        )
    return [cell.strip() for cell in row[: len(header)]] + [""] * (len(header) - len(row))
