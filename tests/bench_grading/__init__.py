"""What grading takes: the harness beside plain nbgrader on the same class, and a large class."""
