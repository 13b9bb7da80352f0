"""A notebook that a student handed in, read without believing it, and which of several counts."""
