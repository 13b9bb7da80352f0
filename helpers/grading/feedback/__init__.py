"""What students get back: a page for each notebook, an index, one zip a student; nothing in them runs or leaks."""
