"""Turn a message from student code into a notebook output, or refuse it."""

from typing import Any

from nbformat import NotebookNode

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.kernels.cell_result import CellResult, make_output
from helpers.line.kinds import LineFault

TEXT_MIME_TYPES = ("text/", "image/", "application/json", "application/vnd.", "application/javascript")


MOST_KEY = 100  # characters


def read_event(event: dict, nonce: str, result: CellResult) -> bool:
    """Add one event to the cell's `result`; return whether the cell is done. Raises LineFault for a forged one."""
    if event.get("nonce") != nonce:
        raise LineFault("a message that belongs to no cell")
    kind = event.get("type")
    if kind == "done":
        result.ok = event.get("ok") is True
        return True
    if kind == "clear":
        result.outputs[:] = [output for output in result.outputs if output.output_type == "error"]
    elif kind == "stream":
        _add_text(result.outputs, _text(event, "text"))
    elif kind in ("display", "result"):
        result.outputs.append(_make_display(kind, _read_data(event.get("data"))))
    elif kind == "error":
        result.outputs.append(_read_error(event))
    else:
        raise LineFault("a message of an unknown type")
    return False


def _text(event: dict, key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str):
        raise LineFault(f"{key} is no text")
    return _clean(value)


def _clean(text: str) -> str:
    """Return text that can be written: lone surrogates, which no file and no page can hold, become "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _add_text(outputs: list[NotebookNode], text: str) -> None:
    if outputs and outputs[-1].output_type == "stream":
        outputs[-1].text += text
    else:
        outputs.append(make_output("stream", name="stdout", text=text))


def _make_display(kind: str, data: dict) -> NotebookNode:
    if kind == "display":
        return make_output("display_data", data=data, metadata={})
    return make_output("execute_result", data=data, metadata={}, execution_count=None)


def _read_data(data: Any) -> dict:
    if not isinstance(data, dict):
        raise LineFault("a display without data")
    kept = {_clean(mime)[:MOST_KEY]: value for mime, value in data.items() if mime.startswith(TEXT_MIME_TYPES)}
    kept.pop(CHECK_MIME_TYPE, None)  # only the judge makes reports
    return {mime: _text(kept, mime) for mime, value in kept.items() if isinstance(value, str)}


def _read_error(event: dict) -> NotebookNode:
    traceback = event.get("traceback")
    if not isinstance(traceback, list):
        raise LineFault("an error without a traceback")
    lines = [_text({"line": line}, "line") for line in traceback]
    return make_output("error", ename=_text(event, "ename"), evalue=_text(event, "evalue"), traceback=lines)
