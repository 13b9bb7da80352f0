"""Turn a message from student code into a notebook output, or refuse it."""

from typing import Any

from nbformat import NotebookNode

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.answering.cell_result import CellResult, make_output
from helpers.grading.answering.room import ALWAYS_KEPT
from helpers.line.kinds import LineFault

TEXT_MIME_TYPES = ("text/", "image/", "application/json", "application/vnd.", "application/javascript")
MAX_KEY = 100  # characters


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
        result.room.clear()
    elif kind == "stream":
        _add_text(result, _text(event, "text"))
    elif kind in ("display", "result"):
        data = _read_data(event.get("data"))
        if data:
            _add_display(result, kind, data)
    elif kind == "error":
        _add_error(result, _read_error(event))
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


def _add_text(result: CellResult, text: str) -> None:
    if not _ends_in_text(result) and not result.room.take_whole("outputs", 1):
        _leave_out(result, "outputs")
        return
    kept = text[: result.room.take("text", len(text))]
    _append_text(result, kept)
    if len(kept) < len(text):
        _leave_out(result, "text")


def _ends_in_text(result: CellResult) -> bool:
    return bool(result.outputs) and result.outputs[-1].output_type == "stream"


def _append_text(result: CellResult, text: str) -> None:
    if text and _ends_in_text(result):
        result.outputs[-1].text += text
    elif text:
        result.outputs.append(make_output("stream", name="stdout", text=text))


def _leave_out(result: CellResult, kind: str) -> None:
    line = result.room.tell(kind)
    _append_text(result, f"\n{line}\n" if line else "")


def _add_display(result: CellResult, kind: str, data: dict) -> None:
    """Add what was shown, if there is room."""
    size = sum(len(mime) + len(value) for mime, value in data.items())
    if not result.room.take_whole("outputs", 1):
        _leave_out(result, "outputs")
    elif not result.room.take_whole("rich", size):
        _leave_out(result, "rich")
    else:
        result.outputs.append(_make_display(kind, data))


def _add_error(result: CellResult, error: NotebookNode) -> None:
    """Add an error, if there is room. A cell's first one is cut instead."""
    is_first = result.room.is_first_error()
    size = len(error.ename) + len(error.evalue) + sum(map(len, error.traceback))
    if result.room.take_whole("outputs", 1) and result.room.take_whole("text", size):
        result.outputs.append(error)
        return
    _leave_out(result, "text")
    if is_first:
        name, message = error.ename[:MAX_KEY], error.evalue[:ALWAYS_KEPT]
        result.outputs.append(make_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"]))


def _make_display(kind: str, data: dict) -> NotebookNode:
    if kind == "display":
        return make_output("display_data", data=data, metadata={})
    return make_output("execute_result", data=data, metadata={}, execution_count=None)


def _read_data(data: Any) -> dict:
    if not isinstance(data, dict):
        raise LineFault("a display without data")
    kept = {_clean(mime)[:MAX_KEY]: value for mime, value in data.items() if mime.startswith(TEXT_MIME_TYPES)}
    kept.pop(CHECK_MIME_TYPE, None)  # only the judge makes reports
    return {mime: _text(kept, mime) for mime, value in kept.items() if isinstance(value, str)}


def _read_error(event: dict) -> NotebookNode:
    traceback = event.get("traceback")
    if not isinstance(traceback, list):
        raise LineFault("an error without a traceback")
    lines = [_text({"line": line}, "line") for line in traceback]
    return make_output("error", ename=_text(event, "ename"), evalue=_text(event, "evalue"), traceback=lines)
