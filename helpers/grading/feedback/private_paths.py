"""Shorten paths of the machine that graded, so that feedback says "…/model.py" and not where that lies."""

import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from helpers.grading.notebooks.paths import ROOT

_ALWAYS = ("dev/shm", "home", "mnt", "opt", "proc", "root", "run", "srv", "tmp", "usr", "var", "Users", "private")
_TERMINAL_SIGNS = re.compile(r"\x1b\[[^@-~\n]*+[@-~]")  # all that nbconvert would look for, in quadratic time
_PICTURE = re.compile(r"(data:image/\w+;base64,[A-Za-z0-9+/=]+)")


def make_shortener(*folders: Path) -> Callable[[str], str]:
    """Return a function that leaves of absolute paths in a text only their last part.

    Shortened are paths below `folders`, this repository, the environment, the home and scratch folders, and
    the usual top folders of Linux and macOS. Relative paths and web addresses stay; signs for terminals, as for
    colours, go.
    """
    places = [*folders, ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(tempfile.gettempdir()), Path.home()]
    roots = {str(form) for place in places for form in (place.absolute(), place.resolve())}
    tops = {*_ALWAYS, *(Path(root).parts[1] for root in roots if len(Path(root).parts) > 1)}
    known = "|".join(re.escape(root) for root in sorted(roots, key=len, reverse=True) if root != os.sep)
    usual = "|".join(map(re.escape, sorted(tops)))
    # Not after a letter, digit, dot or /: there it is the rest of a web address or of a relative path.
    path = re.compile(
        rf"(?<![\w/.])(?:file://)?(?:(?:{known})(?![\w-])|/(?:{usual})(?=/))(/[^\s'\"<>|:;,(){{}}\[\]]*)?"
    )

    def shorten(text: str) -> str:
        return path.sub(_keep_last_part, _TERMINAL_SIGNS.sub("", text))

    return shorten


def _keep_last_part(found: re.Match) -> str:
    name = (found[1] or "").rstrip("/").rpartition("/")[2]
    return f"…/{name}" if name else "…"


def shorten_paths(notebook: NotebookNode, shorten: Callable[[str], str]) -> None:
    """Apply `shorten` to everything in the outputs of `notebook` that a page shows as text."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for key in {"text", "ename", "evalue"} & set(output):
                output[key] = shorten(output[key])
            if "traceback" in output:
                output.traceback = [shorten(line) for line in output.traceback]
            for kind in {"text/plain", "text/html", "text/markdown"} & set(output.get("data", {})):
                output.data[kind] = _shorten_beside_pictures(output.data[kind], shorten)


def _shorten_beside_pictures(text: str, shorten: Callable[[str], str]) -> str:
    parts = _PICTURE.split(text)  # text, picture, text, picture, ...
    parts[::2] = [shorten(part) for part in parts[::2]]
    return "".join(parts)
