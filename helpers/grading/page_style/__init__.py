"""The one look of all pages, those of students and the instructor's: light and dark, for a phone, a desk and paper."""

from functools import cache
from pathlib import Path


@cache
def read_style() -> str:
    """Return the style sheet, to stand in a page's own <style>: no page needs anything beside it."""
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")
