"""Find a table's columns by their English names, whatever the language of the system that wrote the table.

Systems are told apart by their columns. The words of other languages stand in header_words.toml.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from helpers.grading.lms.header_words import read_words
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.system import System
from helpers.grading.lms.systems import list_systems

ENGLISH = ""


def normalize_column(name: str) -> str:
    """Return a column's name for comparing: without regard to case, underscores and double spaces."""
    return " ".join(name.replace("_", " ").casefold().split())


@cache
def _read_columns(systems: tuple[System, ...]) -> dict[str, dict[str, str]]:
    """Return by language the English name of each column's name."""
    languages = {
        language: {normalize_column(word): column for column, found in words.items() if column != "months"
                   for word in found}
        for language, words in read_words().items()
    }  # fmt: skip
    known = {column for system in systems for column in (*system.roster.signs, *system.roster.ids)} | {"last name"}
    return {ENGLISH: {column: column for column in known}} | languages


def count_known(header: Iterable[str]) -> int:
    """Return how many columns of a header are known, in the language of which most are."""
    columns = {normalize_column(column) for column in header}
    return max(len(columns & words.keys()) for words in _read_columns(list_systems()).values())


@lru_cache(maxsize=256)
def _translate(header: tuple[str, ...], systems: tuple[System, ...]) -> dict[str, str]:
    """Return the English name of each column of a header; one that is not known keeps its name."""
    columns = [normalize_column(column) for column in header]
    languages = _read_columns(systems)
    best = max(languages, key=lambda language: (len(languages[language].keys() & set(columns)), language == ENGLISH))
    taken: set[str] = set()
    names = {}
    for original, column in zip(header, columns, strict=True):
        name = languages[best].get(column, column)
        names[original] = column if name in taken else name
        taken.add(names[original])
    return names


def name_columns_of(header: Iterable[str]) -> dict[str, str]:
    """Return the English name of each column of a table with this header."""
    return dict(_translate(tuple(header), list_systems()))


def name_column(column: str, header: Iterable[str]) -> str:
    """Return the English name of a column of a table with this header, for comparing."""
    return _translate(tuple(header), list_systems()).get(column, normalize_column(column))


def name_row(row: Mapping[str, str]) -> RosterRow:
    """Return a row with its cells by their English names."""
    names = _translate(tuple(row), list_systems())
    cells: dict[str, str] = {}
    for column, cell in row.items():
        cells.setdefault(names[column], cell)
    return RosterRow(row, cells)


def get_cell(row: Mapping[str, str], column: str) -> str:
    """Return a cell by its column's English name, without what a system writes before ids; "" if there is none."""
    names = _translate(tuple(row), list_systems())
    found = next((cell for own, cell in row.items() if names[own] == column), "")
    system = find_system(row) if found else None
    return found.removeprefix(system.roster.id_prefix) if system and column in system.roster.ids else found


def find_system(header: Iterable[str]) -> System | None:
    """Return the system that wrote a table with these columns, or None if it is no roster."""
    return _find_system(tuple(header), list_systems())


@lru_cache(maxsize=256)
def _find_system(header: tuple[str, ...], systems: tuple[System, ...]) -> System | None:
    columns = set(_translate(header, systems).values())
    return next((system for system in systems if _fits(system, columns)), None)


def _fits(system: System, columns: set[str]) -> bool:
    roster = system.roster
    is_marked = bool(roster.sign_pattern) and any(re.search(roster.sign_pattern, column) for column in columns)
    return bool((columns & roster.signs or is_marked) and columns & set(roster.ids))
