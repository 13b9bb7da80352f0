"""What several tests of intake share: a small release, and submissions as people and systems pack them."""

import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.grading.notebooks.paths import RELEASE

TIME = (2026, 3, 1, 12, 0, 0)
NAMES = ("03_preprocessing", "04_inference")


def write_release(folder: Path) -> Path:
    """Copy two released notebooks: enough to tell apart, and quick to read."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        shutil.copy(RELEASE / f"{name}.ipynb", folder)
    return folder


def read_released(name: str, change: Callable[[dict], object] | None = None) -> bytes:
    """Return a released notebook as bytes, changed by `change`."""
    notebook = json.loads((RELEASE / f"{name}.ipynb").read_bytes())
    if change is not None:
        change(notebook)
    return json.dumps(notebook).encode()


def add_answer(text: str) -> Callable[[dict], None]:
    """Return a change that adds a cell, so that versions of a notebook can be told apart."""

    def change(notebook: dict) -> None:
        notebook["cells"].append(
            {"cell_type": "code", "id": "own", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        )

    return change


def pack_zip(files: Mapping[str, bytes], *, times: Mapping[str, tuple] | None = None, mode: int = 0o100644) -> bytes:
    """Return a zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (times or {}).get(name, TIME))
            entry.filename = name  # ZipInfo would cut it at a NUL
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def pack_tar(files: Mapping[str, bytes | tarfile.TarInfo], *, mode: str = "w:gz") -> bytes:
    """Return a .tar.gz with these files; a TarInfo stands for an entry without content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            entry = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            entry.mtime = 1_772_000_000
            if isinstance(data, bytes):
                entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data) if isinstance(data, bytes) else None)
    return buffer.getvalue()


def make_tar_entry(name: str, kind: bytes, *, target: str = "") -> tarfile.TarInfo:
    """Return an entry that is no file."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def list_files(folder: Path) -> set[str]:
    """Return the files below a folder as paths, without the timestamp.txt that intake writes for nbgrader."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    return found - {"timestamp.txt"}
