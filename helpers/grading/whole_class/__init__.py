"""A whole class: what is to be graded, by which workers, and what became of it. `grade_class` is the door."""
