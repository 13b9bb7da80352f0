"""Find a table's columns by their English names, whatever the language of the system that wrote the table.

Systems are told apart by their columns: FORMATS. The words of other languages stand in header_words.toml.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

ENGLISH = ""
WORDS = Path(__file__).with_name("header_words.toml")


@dataclass(frozen=True)
class RosterFormat:
    """A system's table: columns of which it has at least one, and those that may serve as ids, the best first."""

    signs: frozenset[str]
    ids: tuple[str, ...]


FORMATS = {
    "canvas": RosterFormat(frozenset({"student", "sis login id", "section"}), ("sis login id", "sis user id", "id")),
    "moodle": RosterFormat(
        frozenset({"identifier", "full name", "first name", "email address", "id number", "username", "surname"}),
        ("username", "id number", "email address", "identifier", "full name"),
    ),
    "nbgrader": RosterFormat(frozenset({"id", "email"}), ("id",)),
}
KNOWN = frozenset().union(*(roster.signs | set(roster.ids) for roster in FORMATS.values())) | {"last name"}


def normalize_column(name: str) -> str:
    """Return a column's name for comparing: without regard to case, underscores and double spaces."""
    return " ".join(name.replace("_", " ").casefold().split())


@cache
def read_words() -> dict[str, dict]:
    """Return the table of header_words.toml, by language."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def _read_columns() -> dict[str, dict[str, str]]:
    """Return by language the English name of each column's name."""
    languages = {
        language: {normalize_column(word): column for column, found in words.items() if column != "months"
                   for word in found}
        for language, words in read_words().items()
    }  # fmt: skip
    return {ENGLISH: {column: column for column in KNOWN}} | languages


def count_known(header: Iterable[str]) -> int:
    """Return how many columns of a header are known, in the language of which most are."""
    columns = {normalize_column(column) for column in header}
    return max(len(columns & words.keys()) for words in _read_columns().values())


@lru_cache(maxsize=256)
def _translate(header: tuple[str, ...]) -> dict[str, str]:
    """Return the English name of each column of a header; one that is not known keeps its name."""
    columns = [normalize_column(column) for column in header]
    languages = _read_columns()
    best = max(languages, key=lambda language: (len(languages[language].keys() & set(columns)), language == ENGLISH))
    taken: set[str] = set()
    names = {}
    for original, column in zip(header, columns, strict=True):
        name = languages[best].get(column, column)
        names[original] = column if name in taken else name
        taken.add(names[original])
    return names


def name_column(column: str, header: Iterable[str]) -> str:
    """Return the English name of a column of a table with this header, for comparing."""
    return _translate(tuple(header)).get(column, normalize_column(column))


def get_cell(row: dict[str, str], column: str) -> str:
    """Return a cell by its column's English name, without regard to case and underscores; "" if there is none."""
    names = _translate(tuple(row))
    return next((cell for name, cell in row.items() if names[name] == column), "")


def find_format(header: Iterable[str]) -> RosterFormat | None:
    """Return the format of a table with these columns, or None if it is no roster."""
    columns = set(_translate(tuple(header)).values())
    fitting = (roster for roster in FORMATS.values() if columns & roster.signs and columns & set(roster.ids))
    return next(fitting, None)
