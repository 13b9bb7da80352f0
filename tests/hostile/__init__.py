"""Submissions that attack the grader, each with what must happen: nothing leaks, is changed, stays, or earns points."""
