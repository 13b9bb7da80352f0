"""nbgrader's gradebook: `open`, `write` results, `read` grades,
what its `points` mean, and what is late (`penalties`). `match_cells` keeps it in step with the exercise."""
