"""What students get back: a page for each notebook, an index, one zip a student; nothing in them runs or leaks."""

from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.feedback.write import Feedback, write_feedback

__all__ = ["Feedback", "sanitize_outputs", "write_feedback"]
