"""Know whether a person runs the notebook, or a machine that wants it short."""

import os
from collections.abc import Sequence


def is_short_run() -> bool:
    """Return whether slow and optional parts should be cut: while grading, and in tests and validation.

    nbgrader sets NBGRADER_EXECUTION; tests and `make validate` set EXERCISE_PROFILE=short.
    """
    return is_graded_run() or os.environ.get("EXERCISE_PROFILE") == "short"


def is_graded_run() -> bool:
    """Return whether this run is for grading: nobody looks at its figures, and its timings count for nothing."""
    return "NBGRADER_EXECUTION" in os.environ


def cut_for_grading(items: Sequence, *, keep: int = 1) -> Sequence:
    """Return `items`; while grading only the first `keep`, for tables that take long and are not graded."""
    return items[:keep] if is_graded_run() else items
