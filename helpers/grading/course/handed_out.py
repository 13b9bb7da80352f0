"""Keep every version of the notebooks that a class is graded with, as students get it, and never delete one.

They lie in COURSE/grading/ASSIGNMENT/handed_out/NOTEBOOK/. Whoever has an older version has changed nothing by that.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.grading.files.whole_files import write_whole
from helpers.grading.judge.template import Template
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import list_notebooks, read_notebook

SHORT = 12


class VersionError(RuntimeError):
    """A version that was kept cannot be read; the message is a sentence that names the file."""


def find_folder(assignment: CourseAssignment) -> Path:
    """Return the folder in which a course keeps them."""
    return assignment.kept / "handed_out"


def keep_versions(folder: Path, templates: Mapping[str, Template]) -> None:
    """Keep the current version of each notebook, if it is not kept yet; each file whole or not at all."""
    for name, template in templates.items():
        text = nbformat.writes(template.released)
        path = folder / name / f"{_name_version(text)}.ipynb"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text, durable=True)


def add_versions(templates: Mapping[str, Template], folder: Path) -> dict[str, Template]:
    """Return the templates with all versions that are kept. VersionError if one cannot be read."""
    return {
        name: replace(template, handed_out=tuple(map(_read_version, list_notebooks(folder / name))))
        for name, template in templates.items()
    }


def _name_version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]


def _read_version(path: Path) -> NotebookNode:
    try:
        return read_notebook(path)
    except OSError as error:
        raise VersionError(f"{path} cannot be read ({error.strerror}).") from error
    except Exception as error:  # whatever a file that is no notebook makes of nbformat
        raise VersionError(f"{path} is no notebook: put the version back that was handed out, or remove it.") from error
