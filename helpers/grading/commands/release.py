"""Generate notebooks/ (what students get) from solutions/ with nbgrader.

python -m helpers.grading.commands.release                             all assignments
python -m helpers.grading.commands.release --assignment exercise_01    that one
"""

import argparse
import sys
import tempfile
from pathlib import Path

from helpers.grading.commands.which_assignment import add_assignments
from helpers.grading.gradebook.open import make_scratch_course
from helpers.grading.notebooks.canonical_form import write_notebook
from helpers.grading.notebooks.paths import ASSIGNMENT, RELEASE, SOLUTIONS, list_notebooks, read_notebook


def release_notebooks(
    assignment: str = ASSIGNMENT, *, target: Path = RELEASE.parent, solutions: Path = SOLUTIONS.parent
) -> list[Path]:
    """Write an assignment's student notebooks into its folder below `target`, in canonical form; return their paths.

    The work is done in a temporary course, so that a failure leaves the old release as it was. Notebooks
    that are no longer in `solutions` disappear; other files there stay.
    """
    with tempfile.TemporaryDirectory() as folder:
        make_scratch_course(Path(folder), assignment, solutions=solutions)
        released, target = list_notebooks(Path(folder) / "notebooks" / assignment), target / assignment
        target.mkdir(parents=True, exist_ok=True)
        for path in released:
            write_notebook(read_notebook(path), target / path.name)
    names = {path.name for path in released}
    for path in list_notebooks(target):
        if path.name not in names:
            path.unlink()
    return list_notebooks(target)


def main(arguments: list[str] | None = None) -> int:
    """Release and say what was written."""
    parser = argparse.ArgumentParser(prog="release", description="Generate the students' notebooks.")
    add_assignments(parser)
    for assignment in parser.parse_args(arguments).assignments:
        for path in release_notebooks(assignment):
            print(f"released {assignment}/{path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
