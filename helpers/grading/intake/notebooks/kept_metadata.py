"""Keep of a notebook's metadata what grading needs, made anew: whatever else a student's notebook holds is dropped."""

import math
from typing import Any

NBGRADER = ("cell_type", "checksum", "grade", "grade_id", "locked", "points", "schema_version", "solution", "task")
SWITCHES = ("deletable", "editable")
KERNEL = {
    "kernelspec": ("name", "display_name", "language"),
    "language_info": ("name", "file_extension", "mimetype", "version"),
}
NEEDED = {"kernelspec": {"name", "display_name"}, "language_info": {"name"}}
MAX_TAGS = 20
MAX_TEXT = 1_000


def keep_notebook_metadata(raw: dict) -> dict:
    """Return the names of kernel and language."""
    kept = {}
    for key, names in KERNEL.items():
        found = raw.get(key)
        part = found if isinstance(found, dict) else {}
        texts = {name: part[name] for name in names if _is_text(part.get(name))}
        if texts.keys() >= NEEDED[key]:
            kept[key] = texts
    return kept


def keep_cell_metadata(raw: dict) -> dict:
    """Return nbgrader's data, tags, and whether the cell may be edited; an odd value of nbgrader's becomes None."""
    kept: dict[str, Any] = {key: raw[key] for key in SWITCHES if isinstance(raw.get(key), bool)}
    nbgrader, tags = raw.get("nbgrader"), raw.get("tags")
    if isinstance(nbgrader, dict):
        kept["nbgrader"] = {key: _make_plain(nbgrader[key]) for key in NBGRADER if key in nbgrader}
    if isinstance(tags, list):
        kept["tags"] = list(dict.fromkeys(tag for tag in tags[:MAX_TAGS] if _is_text(tag) and tag and "," not in tag))
    return kept


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT


def _make_plain(value: Any) -> Any:
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if is_number or _is_text(value) else None
