"""The canonical form of a committed notebook: nothing in it that changes when nothing has changed."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.grading.files.whole_files import write_whole

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
KEPT_CELL_METADATA = ("nbgrader", "tags", "deletable", "editable")


def make_canonical(notebook: NotebookNode) -> NotebookNode:
    """Keep sources, outputs, ids, tags and nbgrader's data; drop timings, versions and widget state.

    A cell of nbgrader's gets its grade id as id.
    """
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in KEPT_CELL_METADATA if cell.metadata.get(key) not in (None, [])}
        )
        if "nbgrader" in cell.metadata:
            cell.id = cell.metadata.nbgrader.grade_id
        if cell.cell_type == "code":
            _number_outputs(cell)
    return notebook


def _number_outputs(cell: NotebookNode) -> None:
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in canonical form; a crash half-way leaves the old file."""
    nbformat.validate(make_canonical(notebook))
    write_whole(path, nbformat.writes(notebook) + "\n")
