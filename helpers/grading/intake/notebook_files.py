"""Read a notebook that a student handed in: nothing in it is believed, and what can be repaired is repaired."""

import json
import re
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from helpers.grading.intake.items import Refused

KINDS = ("code", "markdown", "raw")
MOST_CELLS = 2_000
MOST_CONTAINERS = 1_000_000  # lists and objects: they take 50 times as much memory as text
MOST_VALUES = 5_000_000
DEEPEST = 50
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

AGAIN = "ask for it again, saved by Jupyter."


def parse_notebook(data: bytes) -> NotebookNode:
    """Return the notebook in format 4.5, valid, with ids that depend on nothing but `data`; Refused otherwise.

    Older formats are brought up to date. Outputs and metadata that break the rules are dropped.
    """
    if not data.strip():
        raise Refused(f"is empty ({len(data)} bytes): ask for it again.")
    if data.count(b"[") + data.count(b"{") > MOST_CONTAINERS or data.count(b",") > MOST_VALUES:
        raise Refused(f"holds far more than a notebook does: {AGAIN}")
    raw = _parse_json(data)
    if not isinstance(raw, dict) or type(raw.get("nbformat")) is not int:
        raise Refused("is not a notebook, whatever its name says: ask for the right file.")
    _check_depth(raw, 0)
    return _make_valid(_rebuild(_upgrade(raw)))


def write_notebook(notebook: NotebookNode) -> bytes:
    """Return the notebook as the bytes of a file; Refused if it holds what JSON has no sign for."""
    try:
        text = v4.writes(notebook, allow_nan=False)
    except ValueError:
        raise Refused(f"holds a number that JSON does not know (NaN or Infinity): {AGAIN}") from None
    return text.encode("utf-8", "replace") + b"\n"


def _parse_json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError:
        raise Refused(f"is nested too deep: {AGAIN}") from None
    except UnicodeDecodeError:
        raise Refused(f"is not UTF-8 text, so no notebook: {AGAIN}") from None
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"is not valid JSON{place}: {AGAIN}") from None


def _refuse_constant(name: str) -> None:
    raise Refused(f"holds a number that JSON does not know ({name}): {AGAIN}")


def _check_depth(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"is nested too deep: {AGAIN}")
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _check_depth(inner, depth + 1)


def _upgrade(raw: dict) -> dict:
    """Return a notebook of format 4, with whatever is in it."""
    version = raw["nbformat"]
    if version == 4:
        return raw
    try:
        notebook = nbformat.convert(nbformat.from_dict(raw), 4)
        for cell in notebook.cells:
            cell.pop("id", None)  # nbformat draws them by lot
        return notebook
    except Exception:  # whatever wrong types make of nbformat
        raise Refused(f"is of notebook format {version}, which could not be brought up to date: {AGAIN}") from None


def _rebuild(raw: dict) -> NotebookNode:
    """Return a new notebook with what a notebook may hold, of the right types."""
    metadata, cells = raw.get("metadata", {}), raw.get("cells")
    if not isinstance(metadata, dict):
        raise Refused(f"has metadata that are no object: {AGAIN}")
    if not isinstance(cells, list):
        raise Refused(f"has no list of cells: {AGAIN}")
    if len(cells) > MOST_CELLS:
        raise Refused(f"has {len(cells):,} cells, more than {MOST_CELLS:,}: {AGAIN}")
    rebuilt = [_rebuild_cell(cell, number) for number, cell in enumerate(cells, 1)]
    _number_cells(rebuilt)
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=nbformat.from_dict(metadata), cells=rebuilt)


def _number_cells(cells: list[NotebookNode]) -> None:
    """Give an id to each cell that has none, or an unusable one, or that of a cell before it."""
    taken: set[str] = set()
    for number, cell in enumerate(cells, 1):
        is_usable = isinstance(cell["id"], str) and CELL_ID.fullmatch(cell["id"]) and cell["id"] not in taken
        wanted = cell["id"] if is_usable else f"cell-{number}"
        while wanted in taken:
            wanted += "-again"
        cell["id"] = wanted
        taken.add(wanted)


def _rebuild_cell(raw: Any, number: int) -> NotebookNode:
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise Refused(f"has a cell of no known kind (cell {number}): {AGAIN}")
    source, metadata = raw.get("source", ""), raw.get("metadata", {})
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Refused(f"has a cell whose source is no text (cell {number}): {AGAIN}")
    if not isinstance(metadata, dict):
        raise Refused(f"has a cell whose metadata are no object (cell {number}): {AGAIN}")
    metadata = {key: value for key, value in metadata.items() if key != "nbgrader" or isinstance(value, dict)}
    cell = {"cell_type": kind, "id": raw.get("id", ""), "metadata": metadata, "source": source}
    if kind == "code":
        outputs = raw.get("outputs")
        cell |= {"execution_count": None, "outputs": outputs if isinstance(outputs, list) else []}
    elif isinstance(raw.get("attachments"), dict):
        cell["attachments"] = raw["attachments"]
    return nbformat.from_dict(cell)


def _make_valid(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook if it is valid, if need be without outputs, attachments and odd metadata."""
    try:
        nbformat.validate(notebook)
        return notebook
    except Exception:  # wrong types make nbformat raise more than ValidationError
        for cell in notebook.cells:
            cell.pop("attachments", None)
            cell.metadata = NotebookNode({key: cell.metadata[key] for key in ("nbgrader",) if key in cell.metadata})
            if cell.cell_type == "code":
                cell.outputs = []
        notebook.metadata = NotebookNode()
    try:
        nbformat.validate(notebook)
    except Exception:
        raise Refused(f"breaks the rules of the notebook format: {AGAIN}") from None
    return notebook
