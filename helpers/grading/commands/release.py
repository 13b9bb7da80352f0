"""Generate notebooks/ (what students get) from solutions/ with nbgrader.

python -m helpers.grading.commands.release
"""

import sys
import tempfile
from pathlib import Path

from helpers.grading.gradebook.open import make_scratch_course
from helpers.grading.notebooks.canonical_form import write_notebook
from helpers.grading.notebooks.paths import ASSIGNMENT, RELEASE, list_notebooks, read_notebook


def release_notebooks(target: Path = RELEASE) -> list[Path]:
    """Write the student notebooks into `target`, in canonical form, and return their paths.

    The work is done in a temporary course, so that a failure leaves the old release as it was. Notebooks
    that are no longer in solutions/ disappear from `target`; other files there stay.
    """
    with tempfile.TemporaryDirectory() as folder:
        make_scratch_course(Path(folder))
        released = list_notebooks(Path(folder) / "notebooks" / ASSIGNMENT)
        target.mkdir(parents=True, exist_ok=True)
        for path in released:
            write_notebook(read_notebook(path), target / path.name)
    names = {path.name for path in released}
    for path in list_notebooks(target):
        if path.name not in names:
            path.unlink()
    return list_notebooks(target)


def main() -> int:
    """Release and say what was written."""
    for path in release_notebooks():
        print(f"released {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
