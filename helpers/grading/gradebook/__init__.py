"""nbgrader's gradebook: `open`, `write` (the one writer), `read`, what its points mean, and what is late."""
