"""Ask an answer that works with files: they travel as bytes, and lie in an empty folder while the answer runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.line.guard import make_scratch_folder
from helpers.line.kinds import LineFault, Raised

MAX_FILES = 100
MAX_FILE_BYTES = 1_000_000


@dataclass(frozen=True)
class InFolder:
    """Stands among arguments for the path of a file in the folder; with `as_uri`, for its address."""

    name: str
    as_uri: bool = False

    def find(self, folder: Path) -> Path | str:
        """Return what the answer is called with."""
        path = folder / self.name
        return path.as_uri() if self.as_uri else path


@dataclass(frozen=True)
class FolderCall:
    """What a call gave or raised, and the files that lay in the folder afterwards."""

    value: Any
    error: Raised | None
    files: dict[str, bytes]


def call_in_folder(answer: Callable, *, args: tuple, kwargs: Mapping[str, Any], files: Mapping[str, bytes]) -> Any:
    """Observer: call the answer in the presence of these files; tell what came, and what files there are then.

    A name that ends in a slash is a folder.
    """
    with make_scratch_folder() as folder:
        for name, content in files.items():
            write_file(folder / name, content, is_folder=name.endswith("/"))
        value, error = None, None
        try:
            value = answer(*(put_in(folder, value) for value in args), **kwargs)
        except (Exception, SystemExit) as came:
            error = came
        return {"value": value, "error": error, "files": read_files(folder)}


def put_in(folder: Path, value: Any) -> Any:
    """Return an argument, with paths in place of InFolder, also in a list."""
    if isinstance(value, list):
        return [put_in(folder, item) for item in value]
    return value.find(folder) if isinstance(value, InFolder) else value


def write_file(path: Path, content: bytes, *, is_folder: bool) -> None:
    """Make a file, or a folder, with the folders above it."""
    (path if is_folder else path.parent).mkdir(parents=True, exist_ok=True)
    if not is_folder:
        path.write_bytes(content)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their names there, bounded in number and in size."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())[:MAX_FILES]
    return {path.relative_to(folder).as_posix(): path.read_bytes()[:MAX_FILE_BYTES] for path in paths}


def read_folder_call(value: Any) -> FolderCall:
    """Return what `call_in_folder` told. Raises LineFault if it told something else."""
    if not isinstance(value, dict) or list(value) != ["value", "error", "files"]:
        raise LineFault("not the result of a call with files")
    files, error = value["files"], value["error"]
    if not isinstance(files, dict) or not all(isinstance(item, bytes) for item in files.values()):
        raise LineFault("not files")
    return FolderCall(value["value"], error if isinstance(error, Raised) else None, files)
