"""Where the notebooks are."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.grading.records import ASSIGNMENT_OF_BEFORE

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENT = ASSIGNMENT_OF_BEFORE  # where none is named
SOLUTIONS = ROOT / "solutions" / ASSIGNMENT
RELEASE = ROOT / "notebooks" / ASSIGNMENT
BUILD = ROOT / "build"


def list_notebooks(folder: Path = SOLUTIONS) -> list[Path]:
    """Return the notebooks of a folder in the order of the series."""
    return sorted(folder.glob("*.ipynb"))


def read_notebook(path: Path) -> NotebookNode:
    """Read and validate a notebook (format 4.5)."""
    return nbformat.read(path, as_version=4)
