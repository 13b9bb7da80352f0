"""Write the zip that students are handed: notebooks, what they import, environment, instructions.

python -m helpers.grading.commands.kit            writes build/exercise_01.zip
"""

import sys
from pathlib import Path

from helpers.grading.files.zips import write_zip
from helpers.grading.notebooks.paths import ASSIGNMENT, BUILD, RELEASE, ROOT, list_notebooks

KIT_FILES = ("pyproject.toml", "constraints.txt", "environment.yml", "LICENSE")
KIT_README = ROOT / "notebooks" / "README.md"


def list_kit_files() -> dict[str, Path]:
    """Return what goes into the kit: the name inside the zip, and the file it is taken from."""
    files = {name: ROOT / name for name in KIT_FILES}
    files["README.md"] = KIT_README
    files |= {f"notebooks/{ASSIGNMENT}/{path.name}": path for path in list_notebooks(RELEASE)}
    for path in [*sorted((ROOT / "helpers").rglob("*.py")), ROOT / "helpers" / "py.typed"]:
        inside = path.relative_to(ROOT)
        if inside.parts[1] != "grading":
            files[inside.as_posix()] = path
    return files


def write_kit(target: Path = BUILD / f"{ASSIGNMENT}.zip") -> Path:
    """Write the zip; everything in it lies in one folder named after the exercise."""
    return write_zip(target, {f"{ASSIGNMENT}/{name}": path.read_bytes() for name, path in list_kit_files().items()})


def main() -> int:
    """Write the kit and say where it is."""
    path = write_kit()
    print(f"{path.relative_to(ROOT)}: {len(list_kit_files())} files, {path.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
