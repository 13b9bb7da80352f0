"""Files that are not the notebook that they claim to be, or far too large."""

import json

import nbformat

from helpers.grading.records import GRADED, TAMPERED, UNREADABLE
from tests.hostile.submissions import file


@file()
def hands_in_too_many_cells(notebook):
    """100,000 cells."""
    notebook["cells"] += [
        {"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": None}
    ] * 100_000
    return json.dumps(notebook)


@file()
def hands_in_50_megabytes(notebook):
    """A notebook of more than 50 MB, most of it one output."""
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 51_000_000}
    notebook["cells"][2]["outputs"] = [output]
    return json.dumps(notebook)


@file(statuses=(GRADED,), points=6)
def hands_in_40_megabytes(notebook):
    """A notebook just below the limit: outputs are dropped, it is graded."""
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "x" * 40_000_000}}
    notebook["cells"][2]["outputs"] = [output]
    return json.dumps(notebook)


@file(statuses=(UNREADABLE, TAMPERED, GRADED), points=None)
def hands_in_version_2(notebook):
    """A notebook of format 2, with worksheets."""
    cells = [{"cell_type": "code", "input": "print(1)", "language": "python", "outputs": [], "collapsed": False}]
    return json.dumps({"nbformat": 2, "metadata": {"name": "x"}, "worksheets": [{"cells": cells}]})


@file(statuses=(GRADED, TAMPERED), points=6)
def hands_in_version_3(notebook):
    """An honest notebook, stored in format 3."""
    return nbformat.writes(nbformat.reads(json.dumps(notebook), as_version=4), version=3)


@file()
def hands_in_version_5(notebook):
    """A notebook of a format that does not exist yet."""
    return json.dumps(notebook | {"nbformat": 5})


@file()
def hands_in_no_version(notebook):
    """A notebook whose version is a word."""
    return json.dumps(notebook | {"nbformat": "four"})


@file()
def hands_in_something_else(notebook):
    """A picture, with the name of a notebook."""
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50


@file()
def hands_in_nothing(notebook):
    """An empty file."""
    return b""


@file()
def hands_in_a_list(notebook):
    """Valid JSON that is no notebook."""
    return "[[], {}, 5, null]"


@file()
def hands_in_no_cells(notebook):
    """A notebook whose cells are not a list."""
    return json.dumps(notebook | {"cells": {"0": notebook["cells"][0]}})


@file()
def hands_in_numbers_for_text(notebook):
    """A cell whose source is a list of numbers, one that is a number, one that is nothing."""
    notebook["cells"][1]["source"] = [1, 2, 3]
    notebook["cells"][2]["source"] = 5
    notebook["cells"][3]["source"] = None
    return json.dumps(notebook)
