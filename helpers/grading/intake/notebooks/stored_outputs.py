"""Keep the outputs that a student's notebook holds, as far as they are well-formed, few and small.

They are looked at by hand, before any schema sees them: jsonschema takes milliseconds for each.
"""

import math
from typing import Any

MAX_CELL_OUTPUTS, MAX_NOTEBOOK_OUTPUTS = 100, 1_000
MAX_CELL_LETTERS, MAX_NOTEBOOK_LETTERS = 5_000_000, 20_000_000
MAX_KINDS = 20  # of one output: text/plain, image/png, ...
MAX_VALUES = 1_000  # in an output's JSON
LETTERS_A_LINE = 10  # what a line of text takes up in a notebook's file beside its own letters
JSON = "application/json"


class OutputRoom:
    """The room that is left for one notebook's outputs and pasted pictures; `dropped` counts those left out.

    `odd_cells` counts cells of no known kind.
    """

    def __init__(self) -> None:
        self.dropped = self.odd_cells = 0
        self._outputs, self._letters = MAX_NOTEBOOK_OUTPUTS, MAX_NOTEBOOK_LETTERS

    def keep_outputs(self, raw: Any) -> list[dict]:
        """Return, made anew, those of a code cell's outputs that are well-formed and find room."""
        outputs, kept, letters = raw if isinstance(raw, list) else [], [], MAX_CELL_LETTERS
        for output in outputs[: min(MAX_CELL_OUTPUTS, self._outputs)]:
            made = rebuild_output(output)
            size = count_letters(made) if made else None
            if made and size is not None and size <= min(letters, self._letters):
                kept.append(made)
                letters -= size
                self._letters -= size
        self._outputs -= len(kept)
        self.dropped += len(outputs) - len(kept)
        return kept

    def keep_attachments(self, raw: Any) -> dict[str, dict]:
        """Return, made anew, those of a cell's pasted pictures that are well-formed and find room."""
        pictures, kept = raw if isinstance(raw, dict) else {}, {}
        for name, picture in list(pictures.items())[:MAX_KINDS]:
            data = _rebuild_data(picture)
            size = count_letters(data) if data else None
            if data and size is not None and size <= min(MAX_CELL_LETTERS, self._letters):
                kept[name] = data
                self._letters -= size
        self.dropped += len(pictures) - len(kept)
        return kept


def rebuild_output(raw: Any) -> dict | None:
    """Return an output with what it must hold and nothing else, or None if it is not well-formed."""
    kind = raw.get("output_type") if isinstance(raw, dict) else None
    if kind == "stream":
        text = join_lines(raw.get("text"))
        return (
            {"output_type": kind, "name": raw["name"], "text": text} if _is_stream(raw) and text is not None else None
        )
    if kind == "error":
        names = {key: raw.get(key) for key in ("ename", "evalue")}
        lines = raw.get("traceback")
        is_well_formed = _are_texts(names.values()) and isinstance(lines, list) and _are_texts(lines)
        return {"output_type": kind, **names, "traceback": lines} if is_well_formed else None
    if kind not in ("display_data", "execute_result"):
        return None
    data, metadata = _rebuild_data(raw.get("data")), raw.get("metadata", {})
    if data is None or not isinstance(metadata, dict):
        return None
    made = {"output_type": kind, "data": data, "metadata": metadata if count_letters(metadata) is not None else {}}
    return made | ({"execution_count": _keep_count(raw.get("execution_count"))} if kind == "execute_result" else {})


def _is_stream(raw: dict) -> bool:
    return raw.get("name") in ("stdout", "stderr")


def _are_texts(values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


def _keep_count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 31 else None


def _rebuild_data(raw: Any) -> dict[str, Any] | None:
    """Return data by kind of content, texts in one piece, or None if one is neither text nor allowed to be JSON."""
    if not isinstance(raw, dict) or len(raw) > MAX_KINDS:
        return None
    is_json = {kind: kind == JSON or (kind.startswith("application/") and kind.endswith("+json")) for kind in raw}
    data = {kind: value if is_json[kind] else join_lines(value) for kind, value in raw.items()}
    return None if any(value is None and not is_json[kind] for kind, value in data.items()) else data


def join_lines(value: Any) -> str | None:
    """Return a text that may be kept as a list of lines, or None if it is no text."""
    if isinstance(value, list) and _are_texts(value):
        return "".join(value)
    return value if isinstance(value, str) else None


def measure_text(text: str) -> int:
    """Return how many letters a text takes up in a notebook's file, in which each line has a line of its own."""
    return len(text) + LETTERS_A_LINE * text.count("\n")


def count_letters(value: Any) -> int | None:
    """Return how many letters all texts in some JSON take up, None if it holds too many values, or NaN or Infinity."""
    waiting, count, letters = [value], 0, 0
    while waiting:
        one = waiting.pop()
        count += 1
        if isinstance(one, str):
            letters += measure_text(one)
        elif isinstance(one, float) and not math.isfinite(one):
            return None
        elif isinstance(one, dict | list):
            if count + len(waiting) + 2 * len(one) > MAX_VALUES:
                return None
            waiting += [*one, *one.values()] if isinstance(one, dict) else one
    return letters
