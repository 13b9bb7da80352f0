"""Give nbgrader's gradebook the indexes that it lacks.

Without them each question for one student's cells reads those of the whole class: the time for a class grows with the
square of its size. nbgrader itself is indifferent to them.
"""

from nbgrader.api import Gradebook
from sqlalchemy import text

INDEXED = {"grade": "notebook_id", "comment": "notebook_id", "submitted_notebook": "assignment_id"}


def add_indexes(gradebook: Gradebook) -> None:
    """Add the indexes to a gradebook that has not got them yet."""
    for table, column in INDEXED.items():
        gradebook.db.execute(text(f"CREATE INDEX IF NOT EXISTS ix_{table}_{column} ON {table} ({column})"))
    gradebook.db.commit()
