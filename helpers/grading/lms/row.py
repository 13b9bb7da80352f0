"""One line of a roster, whatever the language of its header."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RosterRow:
    """One line of a roster: `own` by the names of its columns, `cells` by their English names (see columns.py)."""

    own: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
