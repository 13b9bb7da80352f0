"""What one cell did, as the judge gets it."""

from dataclasses import dataclass, field

from nbformat import NotebookNode

COMPLETED, TIMED_OUT, DIED, FORGED = "completed", "timed out", "died", "forged"


@dataclass
class CellResult:
    """What one cell did. `state` is completed, timed out (interrupted or killed), died, or forged."""

    state: str = COMPLETED
    ok: bool = False
    outputs: list[NotebookNode] = field(default_factory=list)
    wall_s: float = 0.0
