"""The small exercise, mended after it was handed out: each change by name, and what a class may hand in besides."""

import copy

from nbformat.v4 import new_code_cell

from tests.support.small_course import find_cell

NAME = "01_setup"
VISIBLE, SET_UP, ADDED = "describe_photo_usual", "imports", "describe_photo_square"


def find(notebook, grade_id):
    """Return a cell of nbgrader's."""
    return notebook.cells[find_cell(notebook, grade_id)]


def mend_visible_check(notebook):
    """Ask another photo."""
    find(notebook, VISIBLE).source = 'assert describe_photo(8, 3) == (8, 3, "wide")'


def change_points(notebook):
    """Let the hidden check be worth more."""
    find(notebook, "describe_photo_modes").metadata.nbgrader.points = 5


def rename_in_set_up(notebook):
    """Rename what the locked set-up cell defines."""
    find(notebook, SET_UP).source = "MAX_PIXELS = 4000"


def add_check(notebook):
    """Put a visible check of two points behind the one that is there."""
    place = find_cell(notebook, VISIBLE)
    cell = copy.deepcopy(notebook.cells[place])
    cell.id = cell.metadata.nbgrader.grade_id = ADDED
    cell.metadata.nbgrader.points = 2
    cell.source = "assert describe_photo(3, 3)[:2] == (3, 3)"
    notebook.cells.insert(place + 1, cell)


def change_stub(notebook):
    """Say in the answer's stub what the function is for."""
    cell = find(notebook, "describe_photo")
    cell.source = f"# Width and height, then its shape.\n{cell.source}"


def remove_check(notebook):
    """Ask no more for labels with more spaces."""
    notebook.cells.pop(find_cell(notebook, "read_labels_unusual"))


def change_given_cell(notebook):
    """Let the demonstration show another number."""
    next(cell for cell in notebook.cells if cell.source.startswith("DEMONSTRATED")).source = "DEMONSTRATED = 2"


def add_given_cell(notebook):
    """Put a demonstration before the first answer."""
    notebook.cells.insert(1, new_code_cell("DEMONSTRATED = 1", id="demonstration"))


CHANGES = {
    "mended check": mend_visible_check,
    "changed points": change_points,
    "renamed set-up": rename_in_set_up,
    "added check": add_check,
    "changed stub": change_stub,
    "removed check": remove_check,
}
