"""The outputs that a student handed in: kept below given cells that are not run again, as far as they are harmless."""

from typing import Any

from nbformat import NotebookNode, from_dict

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.intake.notebooks.stored_outputs import OutputRoom


def read_outputs(outputs: Any) -> list[NotebookNode]:
    """Return one cell's outputs that are well-formed and find room, without reports: only the judge makes these."""
    kept = OutputRoom().keep_outputs(outputs)
    return [from_dict(output) for output in kept if CHECK_MIME_TYPE not in output.get("data", {})]
