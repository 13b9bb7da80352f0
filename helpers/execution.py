"""Know whether a person runs the notebook, or a machine that wants it short."""

import os


def is_short_run() -> bool:
    """Return whether slow and optional parts should be cut: while grading, and in tests and validation.

    nbgrader sets NBGRADER_EXECUTION; tests and `make validate` set EXERCISE_PROFILE=short.
    """
    return "NBGRADER_EXECUTION" in os.environ or os.environ.get("EXERCISE_PROFILE") == "short"
