"""A course's settings, in its folder: nbgrader's, and whether what is optional counts.

`nbgrader autograde` refuses there, wherever the repository lies.
"""

import json
import re
from pathlib import Path

from traitlets.config.loader import PyFileConfigLoader

from helpers.grading.errors import GradingError
from helpers.grading.records import write_json

NAME = "nbgrader_config.py"
EXPORTER = "helpers.grading.nbgrader_plugins.RefuseUnconfined"
EXPORTER_OF_BEFORE = "helpers.grading.plugins.RefuseUnconfined"
WRITTEN = f'''\
# Written by `make grade`, for nbgrader and formgrader in this folder.
import importlib.util
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader provides it)
# These come first, and hold if the repository is not found: then nbgrader stops, and runs and shows nothing.
c.Autograde.exporter_class = "{EXPORTER}"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "helpers.grading.feedback.steps.SummarizeHiddenChecks",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
found = importlib.util.find_spec("helpers")
for folder in (found and found.submodule_search_locations) or ():
    if (settings := Path(folder).parent / "{NAME}").exists():
        load_subconfig(str(settings))  # noqa: F821
'''
COUNTS, APART = "counts", "apart"  # what EXTRA= says of optional points in uploads
UNREADABLE = "{path} cannot be read: remove it, and say again whether optional points count (EXTRA=counts or apart)."
_OF_BEFORE = re.compile(  # as earlier versions wrote it: one line, or with the plug-ins where they were then
    r"# Written by `make grade`, for formgrader in this folder\.\nload_subconfig\(.*\)\n"
    + "|"
    + re.escape(WRITTEN.replace(EXPORTER, EXPORTER_OF_BEFORE))
)
UNSAFE = (
    "{path} {why}, so that `nbgrader autograde` would run submitted code outside the sandbox: remove the file, and "
    "`make grade` writes it anew, or give it the line c.Autograde.exporter_class = {exporter!r}."
)


def write_settings(course: Path) -> None:
    """Write the settings, unless the instructor's own lie there. GradingError if those would run submitted code."""
    path = course / NAME
    if not path.exists() or _OF_BEFORE.fullmatch(path.read_text(encoding="utf-8", errors="replace")):
        path.write_text(WRITTEN, encoding="utf-8")
    try:
        config = PyFileConfigLoader(NAME, path=str(course)).load_config()
    except Exception as error:  # nbgrader would go on without the settings
        why = f"cannot be read ({type(error).__name__})"
        raise GradingError(UNSAFE.format(path=path, why=why, exporter=EXPORTER)) from error
    if config.Autograde.exporter_class != EXPORTER:
        raise GradingError(UNSAFE.format(path=path, why="lets it", exporter=EXPORTER))


def keep_extra(course: Path, extra: str) -> None:
    """Keep whether optional points count in uploads, COUNTS or APART; "" changes nothing."""
    if extra:
        write_json(_find_file(course), {"extra": extra})


def read_extra(course: Path) -> bool:
    """Return whether optional points count in uploads; they do not, unless the course says so. GradingError."""
    path = _find_file(course)
    if not path.exists():
        return False
    try:
        return {COUNTS: True, APART: False}[json.loads(path.read_text(encoding="utf-8"))["extra"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GradingError(UNREADABLE.format(path=path)) from error


def _find_file(course: Path) -> Path:
    return Path(course) / "grading" / "settings.json"
