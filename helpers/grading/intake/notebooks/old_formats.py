"""Bring notebooks of formats before 4 up to date, with nothing in them that nbformat would look at for long."""

from typing import Any

import nbformat

from helpers.grading.intake.notebooks.kept_metadata import keep_cell_metadata

KEPT = ("cell_type", "input", "source", "language")
LEVELS = (1, 2, 3, 4, 5, 6)  # of headings, each of which becomes so many #


def upgrade(raw: dict) -> dict:
    """Return a notebook in format 4, without outputs; raises whatever wrong types make of nbformat."""
    thin = {key: raw.get(key, 0) for key in ("nbformat", "nbformat_minor")} | {"metadata": {}}
    if "worksheets" in raw:
        thin["worksheets"] = [{"metadata": {}, "cells": _thin_out(sheet["cells"])} for sheet in raw["worksheets"]]
    if "cells" in raw:
        thin["cells"] = _thin_out(raw["cells"])
    notebook = nbformat.convert(nbformat.from_dict(thin), 4)
    for cell in notebook.cells:
        cell.pop("id", None)  # nbformat draws them by lot
    return notebook


def list_cells(raw: dict) -> list:
    """Return the cells of a notebook of any format, as far as it has some."""
    found = raw.get("worksheets")
    sheets = found if isinstance(found, list) else []
    holders = [raw, *(sheet for sheet in sheets if isinstance(sheet, dict))]
    return [cell for holder in holders if isinstance(holder.get("cells"), list) for cell in holder["cells"]]


def _thin_out(cells: list[dict]) -> list[dict[str, Any]]:
    """Return cells with their texts and what grading needs."""
    thin = []
    for cell in cells:
        kept = {key: cell[key] for key in KEPT if key in cell}
        kept |= {"outputs": []} if cell.get("cell_type") == "code" else {}
        kept |= {"level": cell["level"]} if cell.get("level") in LEVELS else {}
        thin.append(kept | {"metadata": keep_cell_metadata(cell.get("metadata", {}))})
    return thin
