"""What instructors run; students do not get this. Begin with `commands`: one module a target of the Makefile.

`CONTRIBUTING.md` shows the way of a submission through the packages here.
"""

import sys

# nbformat imports jsonschema, which would spend more than a second of every process on the grammar of international
# web addresses; nothing in a notebook is checked against it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: it cannot be imported
