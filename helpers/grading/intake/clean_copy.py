"""Write the clean copy of one student's files: whole or not at all, and only if something changed."""

import errno
import filecmp
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from helpers.grading.files.items import IntakeBudget, Item, Refused, read_chunks, say
from helpers.grading.intake.gathering import TIMESTAMP
from helpers.grading.intake.notebooks.choosing import Choice

BAD_NAME = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOTDIR, errno.EISDIR})
"""What a file system says of a name that it does not take, or takes for another's."""


def write_copy(folder: Path, choice: Choice, items: Iterable[Item], budget: IntakeBudget) -> list[str]:
    """Write the chosen notebooks, under their released names, and the files beside them into `folder`, a new one.

    Returns a sentence for each file that was refused. Files outside the notebooks' folders are not copied, nor
    is a timestamp.txt: a student could have written it.
    """
    folder.mkdir(parents=True)
    taken = set()
    for name, version in choice.versions.items():
        (folder / f"{name}.ipynb").write_bytes(version.data)
        taken.add(f"{name}.ipynb".casefold())
    problems = []
    above = {version.item.parts[:-1] for version in choice.versions.values()}
    for item in items:
        inside = _find_place(item, above)
        if inside is None or inside.parts[0].casefold() == TIMESTAMP or inside.name.casefold() == TIMESTAMP:
            continue
        try:
            _write_file(folder, inside, item, taken, budget)
        except Refused as reason:
            problems.append(say(item, reason))
    return problems


def _find_place(item: Item, above: set[tuple[str, ...]]) -> PurePosixPath | None:
    """Return the path of a file below the nearest folder that holds a notebook, or None."""
    for depth in range(len(item.parts) - 1, -1, -1):
        if item.parts[:depth] in above:
            return PurePosixPath(*item.parts[depth:])
    return None


def _write_file(folder: Path, inside: PurePosixPath, item: Item, taken: set[str], budget: IntakeBudget) -> None:
    """Write one file. Refused if its name, without regard to case, is that of another file or folder."""
    name = str(inside).casefold()
    above = {str(parent).casefold() for parent in inside.parents}
    if name in taken or f"{name}/" in taken or above & taken:
        raise Refused("has the name of another file, upper and lower case apart, and was left out: rename it.")
    path = folder / inside
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            for chunk in read_chunks(item, budget, most_bytes=budget.limits.student_bytes):
                file.write(chunk)
    except Refused:
        path.unlink(missing_ok=True)
        raise
    except OSError as error:
        if error.errno not in BAD_NAME:
            raise
        raise Refused("has a name that cannot be written here and was left out: rename it.") from None
    taken |= {name, *(f"{parent}/" for parent in above)}


def put_in_place(new: Path, target: Path, *, aside: Path) -> None:
    """Move the folder `new` to `target`. What is there stays if it is the same, else it moves into `aside`."""
    if (
        target.is_dir()
        and not target.is_symlink()
        and _list_files(new) == _list_files(target)
        and _is_same(new, target)
    ):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(target):
        aside.mkdir(parents=True, exist_ok=True)
        number = next(number for number in range(1, 1_000_000) if not os.path.lexists(aside / str(number)))
        os.replace(target, aside / str(number))
    os.replace(new, target)


def _list_files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


def _is_same(one: Path, other: Path) -> bool:
    names = [str(path) for path in _list_files(one)]
    return len(filecmp.cmpfiles(one, other, names, shallow=False)[0]) == len(names)
