"""How much of what cells print and show is kept. What goes beyond is dropped, and one line in the page says so.

The process that runs the cells bounds itself too (outputs.py); here nothing depends on it.
"""

from dataclasses import dataclass, field

from helpers.grading.answering.limits import (
    MAX_KEPT_RICH,
    MAX_KEPT_TEXT,
    MAX_OUTPUTS,
    NOTEBOOK_OUTPUTS,
    NOTEBOOK_RICH,
    NOTEBOOK_TEXT,
    OF_A_NOTEBOOK,
)

ALWAYS_KEPT = 1_000  # characters of a cell's first error


@dataclass
class Room:
    """What is left of a notebook's room, in characters of text, characters of pictures and HTML, and outputs."""

    text: int = NOTEBOOK_TEXT
    rich: int = NOTEBOOK_RICH
    outputs: int = NOTEBOOK_OUTPUTS


@dataclass
class CellRoom:
    """What is left of one cell's room, and of its notebook's."""

    notebook: Room = field(default_factory=Room)
    text: int = MAX_KEPT_TEXT
    rich: int = MAX_KEPT_RICH
    outputs: int = MAX_OUTPUTS
    told: set[str] = field(default_factory=set)
    has_failed: bool = False

    def take(self, kind: str, wanted: int) -> int:
        """Take up to `wanted` of "text", "rich" or "outputs"; return how much there was."""
        taken = min(wanted, getattr(self, kind), getattr(self.notebook, kind))
        setattr(self, kind, getattr(self, kind) - taken)
        setattr(self.notebook, kind, getattr(self.notebook, kind) - taken)
        return taken

    def take_whole(self, kind: str, wanted: int) -> bool:
        """Take `wanted` or, if there is not so much, nothing."""
        return min(getattr(self, kind), getattr(self.notebook, kind)) >= wanted and self.take(kind, wanted) == wanted

    def is_first_error(self) -> bool:
        """Return True the first time that a cell has an error, which is always kept, if only in short."""
        is_first, self.has_failed = not self.has_failed, True
        return is_first

    def clear(self) -> None:
        """Forget what was told, since a cell's outputs were cleared; errors stay, and no room comes back."""
        self.told.clear()

    def tell(self, kind: str) -> str:
        """Return the line that says what was left out, the first time; then ""."""
        if kind in self.told:
            return ""
        self.told.add(kind)
        return f"[left out from here on: {OF_A_NOTEBOOK[kind]}]"
