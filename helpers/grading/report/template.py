"""The report's page: its style, its one script, and how numbers are written in it."""

import base64
import hashlib
from pathlib import Path

import jinja2
from markupsafe import Markup

from helpers.grading.gradebook.points_text import format_extra, format_late, format_points
from helpers.grading.page_style import read_style

_FOLDER = Path(__file__).parent


def load_template() -> jinja2.Template:
    """Return the page's template; what students wrote is escaped in it, and no script but its own may run."""
    loader = jinja2.FileSystemLoader(_FOLDER)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    style = read_style() + (_FOLDER / "report.css").read_text(encoding="utf-8")
    script = (_FOLDER / "sort_and_search.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals |= {"style": Markup(style), "script": Markup(script), "script_sha256": digest}
    environment.filters |= {"seconds": format_seconds, "count": count}
    environment.filters |= {"points": format_points, "extra": format_extra, "late": format_late}
    return environment.get_template("page.html.j2")


def format_seconds(value: float) -> str:
    """Write a time for readers: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if value < 100:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    minutes, seconds = divmod(round(value), 60)
    return f"{minutes} min {seconds} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return "1 student", "12 students", "1,000 students"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
