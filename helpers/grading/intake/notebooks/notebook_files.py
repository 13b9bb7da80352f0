"""Read a notebook that a student handed in: nothing in it is believed, and what can be repaired is repaired."""

import json
import re
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from helpers.grading.files.items import Refused
from helpers.grading.intake.notebooks.kept_metadata import keep_cell_metadata, keep_notebook_metadata
from helpers.grading.intake.notebooks.old_formats import list_cells, upgrade
from helpers.grading.intake.notebooks.stored_outputs import OutputRoom, join_lines, measure_text

KINDS = ("code", "markdown", "raw")
MAX_CELLS = 2_000
MAX_SOURCE_LETTERS = 10_000_000  # of all cells, as they will be written
MAX_CONTAINERS = 1_000_000  # lists and objects: they take 50 times as much memory as text
MAX_VALUES = 5_000_000
DEEPEST = 50
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

AGAIN = "ask for it again, saved by Jupyter."


def parse_notebook(data: bytes, room: OutputRoom | None = None) -> NotebookNode:
    """Return the notebook in format 4.5, valid, with ids that depend on nothing but `data`; Refused otherwise.

    Older formats are brought up to date. It is made anew of what a notebook may hold, before a schema sees it: of
    metadata what grading needs, of outputs what finds `room` and is JSON (NaN is not); a cell of no known kind becomes
    text, or is left out if it is none.
    """
    if not data.strip():
        raise Refused(f"is empty ({len(data)} bytes): ask for it again.")
    if data.count(b"[") + data.count(b"{") > MAX_CONTAINERS or data.count(b",") > MAX_VALUES:
        raise Refused(f"holds far more than a notebook does: {AGAIN}")
    raw = _parse_json(data)
    if not isinstance(raw, dict) or type(raw.get("nbformat")) is not int:
        raise Refused("is not a notebook, whatever its name says: ask for the right file.")
    _check_depth(raw, 0)
    return _validate(_rebuild(_upgrade(raw), room or OutputRoom()))


def write_notebook(notebook: NotebookNode) -> bytes:
    """Return the notebook as the bytes of a file; Refused if it holds what JSON has no sign for."""
    try:
        text = v4.writes(notebook, allow_nan=False)
    except ValueError:
        raise Refused(f"holds a number that JSON does not know (NaN or Infinity): {AGAIN}") from None
    return text.encode("utf-8", "replace") + b"\n"


def _parse_json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=float)
    except RecursionError:
        raise Refused(f"is nested too deep: {AGAIN}") from None
    except UnicodeDecodeError:
        raise Refused(f"is not UTF-8 text, so no notebook: {AGAIN}") from None
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"is not valid JSON{place}: {AGAIN}") from None


def _check_depth(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"is nested too deep: {AGAIN}")
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _check_depth(inner, depth + 1)


def _upgrade(raw: dict) -> dict:
    """Return a notebook of format 4, with whatever is in it."""
    version, count = raw["nbformat"], len(list_cells(raw))
    if count > MAX_CELLS:
        raise Refused(f"has {count:,} cells, more than {MAX_CELLS:,}: {AGAIN}")
    try:
        return raw if version == 4 else upgrade(raw)
    except MemoryError:
        raise
    except Exception:  # whatever wrong types make of nbformat
        raise Refused(f"is of notebook format {version}, which could not be brought up to date: {AGAIN}") from None


def _rebuild(raw: dict, room: OutputRoom) -> NotebookNode:
    """Return a new notebook with what a notebook may hold, of the right types."""
    metadata, cells = raw.get("metadata", {}), raw.get("cells")
    if not isinstance(metadata, dict):
        raise Refused(f"has metadata that are no object: {AGAIN}")
    if not isinstance(cells, list):
        raise Refused(f"has no list of cells: {AGAIN}")
    rebuilt = [_rebuild_cell(cell, number, room) for number, cell in enumerate(cells, 1) if isinstance(cell, dict)]
    room.odd_cells += len(cells) - len(rebuilt)
    if sum(measure_text(cell["source"]) for cell in rebuilt) > MAX_SOURCE_LETTERS:
        raise Refused(f"holds far more text than a notebook does: {AGAIN}")
    _number_cells(rebuilt)
    metadata = nbformat.from_dict(keep_notebook_metadata(metadata))
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=metadata, cells=rebuilt)


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


def _rebuild_cell(raw: dict, number: int, room: OutputRoom) -> NotebookNode:
    kind = raw.get("cell_type")
    if not isinstance(kind, str) or kind not in KINDS:
        kind = "raw"
        room.odd_cells += 1
    source, metadata = join_lines(raw.get("source", "")), raw.get("metadata", {})
    if source is None:
        raise Refused(f"has a cell whose source is no text (cell {number}): {AGAIN}")
    if not isinstance(metadata, dict):
        raise Refused(f"has a cell whose metadata are no object (cell {number}): {AGAIN}")
    cell = {"cell_type": kind, "id": raw.get("id", ""), "metadata": keep_cell_metadata(metadata), "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": room.keep_outputs(raw.get("outputs"))}
    elif attachments := room.keep_attachments(raw.get("attachments")):
        cell["attachments"] = attachments
    return nbformat.from_dict(cell)


def _validate(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook, which by now is valid; Refused if it is not."""
    try:
        nbformat.validate(notebook)
    except MemoryError:
        raise
    except Exception:  # wrong types make nbformat raise more than ValidationError
        raise Refused(f"breaks the rules of the notebook format: {AGAIN}") from None
    return notebook
