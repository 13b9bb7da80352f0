"""Turn a message from student code into a notebook output, or refuse it."""

from typing import Any

from nbformat import NotebookNode

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.kernels.cell_result import CellResult, make_output
from helpers.grading.kernels.frames import BadFrame

TEXT_MIME_TYPES = ("text/", "image/", "application/json", "application/vnd.", "application/javascript")


FAILURE_KEYS = ("where", "got", "expected", "cause", "other_cause")
MOST_FAILURES = 100


def read_event(event: dict, nonce: str, result: CellResult) -> bool:
    """Add one event to the cell's `result`; return whether the cell is done. Raises BadFrame for a forged one."""
    if event.get("nonce") != nonce:
        raise BadFrame("a message that belongs to no cell")
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
        raise BadFrame("a message of an unknown type")
    return False


def _text(event: dict, key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str):
        raise BadFrame(f"{key} is no text")
    return value.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be written


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
        raise BadFrame("a display without data")
    kept = {mime: value for mime, value in data.items() if isinstance(mime, str) and mime.startswith(TEXT_MIME_TYPES)}
    texts = {mime: _text(kept, mime) for mime, value in kept.items() if isinstance(value, str)}
    report = kept.get(CHECK_MIME_TYPE)
    return texts | ({CHECK_MIME_TYPE: _read_report(report)} if isinstance(report, dict) else {})


def _read_report(report: dict) -> dict:
    """Return of a check's report what a report holds; student code could have put anything there."""
    failures = report.get("failures")
    failures = failures[:MOST_FAILURES] if isinstance(failures, list) else [{}]
    failures = [failure for failure in failures if isinstance(failure, dict)]
    texts = {key: _shorten(report.get(key)) for key in ("exercise", "behaviour")}
    progress = report.get("progress")
    counts = progress.items() if isinstance(progress, dict) and len(progress) < MOST_FAILURES else ()
    return {
        **texts,
        "passed": report.get("passed") is True,
        "failures": [{key: _shorten(one.get(key)) for key in FAILURE_KEYS} for one in failures],
        "progress": {str(key)[:100]: value for key, value in counts if isinstance(value, int)},
    }


def _shorten(value: Any) -> str | None:
    return _text({"": value[:1000]}, "") if isinstance(value, str) else None


def _read_error(event: dict) -> NotebookNode:
    traceback = event.get("traceback")
    if not isinstance(traceback, list):
        raise BadFrame("an error without a traceback")
    lines = [_text({"line": line}, "line") for line in traceback]
    return make_output("error", ename=_text(event, "ename"), evalue=_text(event, "evalue"), traceback=lines)
