"""What the notebooks import, and in `grading` what instructors run. CONTRIBUTING.md shows what lies where."""
