"""A student's first and last name, from whichever columns hold them."""

from collections.abc import Mapping

NAME_COLUMNS = ("student", "full name", "first name", "last name", "surname", "firstname", "lastname")


def read_names(cells: Mapping[str, str]) -> tuple[str, str]:
    """Return (first name, last name) from a row's cells by their English names."""
    first = cells.get("first name") or cells.get("firstname", "")
    last = cells.get("last name") or cells.get("surname") or cells.get("lastname", "")
    whole = cells.get("student") or cells.get("full name", "")
    return (first, last) if first or last or not whole else split_name(whole)


def split_name(whole: str) -> tuple[str, str]:
    """Return (first name, last name) of "Jane Doe" and of "Doe, Jane"."""
    if "," in whole:
        last, _, first = whole.partition(",")
    else:
        first, _, last = whole.rpartition(" ")
    return first.strip(), last.strip()
