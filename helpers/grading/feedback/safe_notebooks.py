"""Make an executed notebook safe to look at, for students in their feedback and for instructors in formgrader."""

import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.answering.cell_result import make_output
from helpers.grading.feedback.bounds import MAX_MARKDOWN, MAX_MARKDOWN_A_NOTEBOOK, TextRoom
from helpers.grading.feedback.safe_html import clean_html, clean_markdown

_PICTURES = ("image/png", "image/jpeg")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_KEPT_METADATA = {"notebook": ("kernelspec", "language_info"), "cell": ("nbgrader", "tags", "deletable", "editable")}


def sanitize_outputs(notebook: NotebookNode) -> None:
    """Leave in `notebook`, in place, nothing that runs, or that a page would fetch, when it is looked at.

    Of outputs stay: text, tables, embedded PNG, JPEG and GIF pictures, and what checks report about
    themselves. JavaScript, SVG, LaTeX, widgets and unknown types go, and a line says so where nothing else
    is left. In Markdown and raw cells HTML tags become text, and what is too long is cut, with a line that says
    so. Metadata that changes how a page looks goes too. Doing it again changes nothing.
    """
    room = TextRoom(MAX_MARKDOWN, MAX_MARKDOWN_A_NOTEBOOK)
    _keep_metadata(notebook.metadata, "notebook")
    for cell in notebook.cells:
        _keep_metadata(cell.metadata, "cell")
        if cell.cell_type == "code":
            cell.execution_count = _read_count(cell.get("execution_count"))
            cell.outputs = [_make_safe(output, room) for output in cell.outputs]
        else:
            attachments = _keep_pictures(cell.pop("attachments", {}))
            if attachments:
                cell.attachments = attachments
            cell.source = clean_markdown(_read_text(cell.source) or "", attachments, room=room)


def _keep_metadata(metadata: NotebookNode, owner: str) -> None:
    for key in set(metadata) - set(_KEPT_METADATA[owner]):
        del metadata[key]


def _read_count(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _read_text(value: object) -> str | None:
    """Return text that may be stored as a list of lines; None if it is no text."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else None


def _make_safe(output: NotebookNode, room: TextRoom) -> NotebookNode:
    kind = output.get("output_type")
    if kind == "stream":
        return make_output("stream", name="stdout", text=_read_text(output.get("text")) or "")
    if kind == "error":
        lines = output.get("traceback")
        traceback = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        names = {key: _read_text(output.get(key)) or "" for key in ("ename", "evalue")}
        return make_output("error", traceback=traceback, **names)
    data = output.get("data")
    safe = _keep_data(data if isinstance(data, Mapping) else {}, room)
    metadata = {kind: {"alt": _find_alt(output.get("metadata"), kind)} for kind in set(_PICTURES) & set(safe)}
    if kind == "execute_result":
        count = _read_count(output.get("execution_count"))
        return make_output(kind, data=safe, metadata=metadata, execution_count=count)
    return make_output("display_data", data=safe, metadata=metadata)


def _find_alt(metadata: object, kind: str) -> str:
    """Return a picture's alternative text."""
    about = metadata.get(kind) if isinstance(metadata, Mapping) else None
    alt = about.get("alt") if isinstance(about, Mapping) else None
    return alt if isinstance(alt, str) and alt else "A picture without a description."


def _keep_data(data: Mapping, room: TextRoom) -> dict:
    texts = {kind: text for kind in data if (text := _read_text(data[kind])) is not None}
    kept = dict(_keep_pictures({"output": texts}).get("output", {}))
    if "text/plain" in texts:
        kept["text/plain"] = texts["text/plain"]
    if "text/html" in texts:
        kept["text/html"] = clean_html(texts["text/html"])
    if "text/markdown" in texts:
        kept["text/markdown"] = clean_markdown(texts["text/markdown"], room=room)
    if is_report(data.get(CHECK_MIME_TYPE)):
        kept[CHECK_MIME_TYPE] = data[CHECK_MIME_TYPE]
    return kept or {"text/plain": "[This output is of a type that is not shown here.]"}


def _keep_pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the PNG and JPEG pictures of `attachments` (name: type: base64); what is none is left out."""
    bundles = {name: data for name, data in dict(attachments or {}).items() if isinstance(data, Mapping)}
    pictures = {
        name: {kind: text for kind in _PICTURES if (text := _read_text(data.get(kind))) and _BASE64.fullmatch(text)}
        for name, data in bundles.items()
    }
    return {name: kinds for name, kinds in pictures.items() if kinds}


def is_report(data: object) -> bool:
    """Tell whether `data` has the form of what a check reports about itself (helpers/checks/report.py)."""
    failures = data.get("failures") if isinstance(data, Mapping) else None
    return isinstance(failures, list) and all(
        isinstance(failure, Mapping) and isinstance(failure.get("cause"), str) for failure in failures
    )
