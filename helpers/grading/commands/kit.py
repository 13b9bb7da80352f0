"""Write the zip that students are handed: notebooks, what they import, environment, instructions.

python -m helpers.grading.commands.kit            writes build/exercise_01.zip, and one for every other assignment
"""

import argparse
import sys
from pathlib import Path

from helpers.grading.commands.which_assignment import add_assignments
from helpers.grading.files.zips import write_zip
from helpers.grading.notebooks.paths import ASSIGNMENT, BUILD, ROOT, list_notebooks

KIT_FILES = ("pyproject.toml", "constraints.txt", "environment.yml", "LICENSE")
RELEASES = ROOT / "notebooks"


def list_kit_files(assignment: str = ASSIGNMENT) -> dict[str, Path]:
    """Return what goes into the kit: the name inside the zip, and the file it is taken from.

    Its README is the assignment's own, if there is one beside its notebooks, or else that of all.
    """
    files = {name: ROOT / name for name in KIT_FILES}
    readme = RELEASES / assignment / "README.md"
    files["README.md"] = readme if readme.exists() else RELEASES / "README.md"
    files |= {f"notebooks/{assignment}/{path.name}": path for path in list_notebooks(RELEASES / assignment)}
    for path in [*sorted((ROOT / "helpers").rglob("*.py")), ROOT / "helpers" / "py.typed"]:
        inside = path.relative_to(ROOT)
        if inside.parts[1] != "grading":
            files[inside.as_posix()] = path
    return files


def write_kit(assignment: str = ASSIGNMENT, *, target: Path | None = None) -> Path:
    """Write the zip, build/ASSIGNMENT.zip or `target`; all in it lies in one folder named after the assignment."""
    files = {f"{assignment}/{name}": path.read_bytes() for name, path in list_kit_files(assignment).items()}
    return write_zip(target or BUILD / f"{assignment}.zip", files)


def main(arguments: list[str] | None = None) -> int:
    """Write the kits and say where they are."""
    parser = argparse.ArgumentParser(prog="kit", description="Write the zip that students are handed.")
    add_assignments(parser)
    for assignment in parser.parse_args(arguments).assignments:
        path, count = write_kit(assignment), len(list_kit_files(assignment))
        print(f"{path.relative_to(ROOT)}: {count} files, {path.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
