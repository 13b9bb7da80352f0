"""What instructors run: execute, refresh, release, kit, and the demonstration class. Students do not get this."""

import sys

# nbformat imports jsonschema, which would spend more than a second of every process on the grammar of international
# web addresses; nothing in a notebook is checked against it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: it cannot be imported
