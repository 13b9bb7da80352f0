"""The words of columns and months in other languages, from header_words.toml."""

import tomllib
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("header_words.toml")


@cache
def read_words() -> dict[str, dict]:
    """Return the table of header_words.toml, by language."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
