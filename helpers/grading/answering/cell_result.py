"""What one cell did, as the judge gets it."""

from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode, from_dict

from helpers.grading.answering.room import CellRoom

COMPLETED, TIMED_OUT, DIED, FORGED = "completed", "timed out", "died", "forged"
STATES = (COMPLETED, TIMED_OUT, DIED, FORGED)


@dataclass
class CellResult:
    """What one cell did. `state` is completed, timed out (interrupted or killed), died, or forged.

    `room` bounds the outputs.
    """

    state: str = COMPLETED
    ok: bool = False
    outputs: list[NotebookNode] = field(default_factory=list)
    wall_s: float = 0.0
    room: CellRoom = field(default_factory=CellRoom, repr=False, compare=False)


def make_output(output_type: str, **fields: Any) -> NotebookNode:
    """Return a notebook output, as nbformat's `new_output`, but not validated: that happens to whole notebooks."""
    return from_dict({"output_type": output_type, **fields})
