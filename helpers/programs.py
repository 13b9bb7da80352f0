"""Write a program from cells of a notebook, so that what was built there also runs without a notebook."""

import ast
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from IPython import get_ipython

_PART = re.compile(r"# (?P<file>\S+\.py), part (?P<number>\d+)\b[^\n]*\n")
_STUB = re.compile(r"^\s*raise NotImplementedError\(\)", flags=re.MULTILINE)
_AUTHORS_LINES = re.compile(r"^[ \t]*#+ (YOUR CODE HERE|(BEGIN|END) SOLUTION)[ \t]*(\n|\Z)", flags=re.MULTILINE)
_START = 'if __name__ == "__main__":\n    sys.exit(main(sys.argv[1:]))\n'
_noted_cells: list[str] = []


def note_cells() -> None:
    """Note every cell of this notebook that runs from now on, for `write_program`.

    To call it again changes nothing, and outside of a notebook it does nothing. The notebook's own history
    would not do: validation runs cells without keeping one.
    """
    shell = get_ipython()
    if shell is not None:
        shell.events.register("pre_run_cell", _note_cell)


def _note_cell(info: Any) -> None:
    _noted_cells.append(info.raw_cell)


def write_program(path: str | os.PathLike, *, cells: Sequence[str] | None = None) -> Path:
    """Write the cells that belong to the program `path` into that file, and return its path.

    A cell belongs to it when its first line reads `# image_classifier.py, part 2: ...`, with the file's name.
    Parts follow each other by number. If cells with one number ran more than once, the last run counts; empty
    stubs do not. At the end stands the line that calls `main` when the file is run as a program.

    cells: sources in the order in which they ran; by default those that `note_cells` has noted.
    ValueError if a part or `main` is missing, or a part is not Python; the file then stays as it was.
    """
    path, cells = Path(path), _noted_cells if cells is None else cells
    if not cells:
        raise ValueError(
            "No cell has been noted: run the cell `programs.note_cells()`, the cells of the program, then this one."
        )
    parts = _collect_parts(path.name, cells)
    text = "\n\n\n".join([*parts, _START])
    if not any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in _parse(path.name, text).body):
        raise ValueError(f"{path.name} lacks a function `main`: write it, run its cell, then run this cell again.")
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)
    return path


def _collect_parts(file: str, cells: Sequence[str]) -> list[str]:
    """Return the parts by number, each without its first line."""
    parts = {}
    for cell in cells:
        first = _PART.match(cell)
        if first and first["file"] == file and not _STUB.search(cell):
            parts[int(first["number"])] = _AUTHORS_LINES.sub("", cell[first.end() :]).strip("\n")
    missing = [number for number in range(1, max(parts, default=1) + 1) if number not in parts]
    if missing:
        raise ValueError(
            f"{file} lacks part {missing[0]}: find the cell that begins with `# {file}, part {missing[0]}`, "
            "answer it if it is an exercise, run it, then run this cell again."
        )
    for number, part in parts.items():
        _parse(f"part {number} of {file}", part)
    return [parts[number] for number in sorted(parts)]


def _parse(name: str, source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise ValueError(f"{name} is not Python yet ({error.msg}): repair its cell and run it again.") from None
