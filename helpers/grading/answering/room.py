"""How much of what cells print and show is kept. What goes beyond is dropped, and one line in the page says so.

The process that runs the cells bounds itself too (outputs.py); here nothing depends on it.
"""

from dataclasses import dataclass, field

MOST_TEXT_A_CELL, MOST_TEXT_A_NOTEBOOK = 250_000, 1_000_000  # characters, errors among them
MOST_RICH_A_CELL, MOST_RICH_A_NOTEBOOK = 6_500_000, 12_000_000  # characters; the solutions' largest notebook has 2.1 MB
MOST_OUTPUTS_A_CELL, MOST_OUTPUTS_A_NOTEBOOK = 500, 2_000
ALWAYS_KEPT = 1_000  # characters of a cell's first error

LEFT_OUT = "[left out from here on: a cell may show {cell}, a notebook {notebook}]"
LIMITS = {
    "text": (f"{MOST_TEXT_A_CELL:,} characters", f"{MOST_TEXT_A_NOTEBOOK:,}"),
    "rich": ("6 MB of pictures and HTML", "12 MB"),
    "outputs": (f"{MOST_OUTPUTS_A_CELL} outputs", f"{MOST_OUTPUTS_A_NOTEBOOK:,}"),
}


@dataclass
class Room:
    """What is left of a notebook's room, in characters of text, characters of pictures and HTML, and outputs."""

    text: int = MOST_TEXT_A_NOTEBOOK
    rich: int = MOST_RICH_A_NOTEBOOK
    outputs: int = MOST_OUTPUTS_A_NOTEBOOK


@dataclass
class CellRoom:
    """What is left of one cell's room, and of its notebook's."""

    notebook: Room = field(default_factory=Room)
    text: int = MOST_TEXT_A_CELL
    rich: int = MOST_RICH_A_CELL
    outputs: int = MOST_OUTPUTS_A_CELL
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
        cell, notebook = LIMITS[kind]
        return LEFT_OUT.format(cell=cell, notebook=notebook)
