"""Write the zip that students are handed: notebooks, what they import, environment, instructions.

python -m helpers.grading.commands.kit            writes build/exercise_01.zip
"""

import sys
import zipfile
from pathlib import Path

from helpers.grading.notebooks.paths import ASSIGNMENT, BUILD, RELEASE, ROOT, list_notebooks

KIT_FILES = ("pyproject.toml", "constraints.txt", "environment.yml", "LICENSE")
KIT_README = ROOT / "notebooks" / "README.md"
ZIP_DATE = (2026, 1, 1, 0, 0, 0)  # fixed, so that the same content gives the same bytes


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
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(list_kit_files().items()):
            entry = zipfile.ZipInfo(f"{ASSIGNMENT}/{name}", date_time=ZIP_DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    temporary.replace(target)
    return target


def main() -> int:
    """Write the kit and say where it is."""
    path = write_kit()
    print(f"{path.relative_to(ROOT)}: {len(list_kit_files())} files, {path.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
