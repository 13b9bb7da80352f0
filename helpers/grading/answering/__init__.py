"""Run the cells of a notebook in forked, confined processes."""
