"""What a student handed in before: of each notebook the newest file counts, whenever it came."""

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from helpers.grading.intake.gathering import TIMESTAMP
from helpers.grading.intake.kept import is_there
from helpers.grading.intake.notebooks.choosing import Choice
from helpers.grading.intake.times import FILES
from helpers.grading.records import Submission

OLDER = "{name} is as it was handed in before{when}: the newest file of each notebook counts."
NOTHING_NEW = "What came last cannot be graded, so what was handed in before counts."


def keep_earlier(earlier: Submission, problems: Iterable[str]) -> Submission:
    """Return the earlier submission, with what is to be said of a later one of which nothing can be graded."""
    return replace(earlier, problems=tuple(dict.fromkeys((*problems, NOTHING_NEW, *earlier.problems))))


def is_about_older(sentence: str) -> bool:
    """Tell whether a sentence says that a notebook counts as it was handed in before."""
    return sentence.endswith(OLDER.partition("{when}")[2])


def list_older(earlier: Submission | None, choice: Choice, names: Iterable[str]) -> list[str]:
    """Return which of the exercise's notebooks (`names`) count as they were handed in before."""
    if earlier is None or not is_there(earlier):
        return []
    return [name for name in names if name in earlier.notebooks and name not in choice.versions]


def leave_out_older(choice: Choice, times: dict[str, str], earlier: Submission | None, clock: str) -> None:
    """Take out of choice and times what is older, by the same clock, than what came before: an old download."""
    if earlier is None or not clock or earlier.clock != clock or not is_there(earlier):
        return
    for name, version in [*choice.versions.items()]:
        is_older = name in times and times[name] < earlier.times.get(name, "")
        if is_older and version.data != (earlier.path / f"{name}.ipynb").read_bytes():
            del choice.versions[name], times[name]


def add_older(folder: Path, earlier: Submission | None, older: list[str], choice: Choice) -> list[str]:
    """Copy these notebooks into the new copy, and the files beside them that it has not; return a sentence for each."""
    if earlier is None or not older:
        return []
    own = {f"{name}.ipynb" for name in (*earlier.notebooks, *choice.versions)}
    source = earlier.path
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        is_wanted = inside.stem in older if str(inside) in own else inside.name.casefold() != TIMESTAMP
        if is_wanted and path.is_file() and not path.is_symlink():
            _copy(path, folder / inside)
    return [OLDER.format(name=name, when=_show(earlier.times.get(name))) for name in older]


def _copy(path: Path, target: Path) -> None:
    """Copy a file, unless a file or a folder of the new copy is in its way."""
    if target.exists() or any(parent.is_file() for parent in target.parents):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _show(time: str | None) -> str:
    return f" ({time[:16].replace('T', ' ')} UTC)" if time else ""


def find_first_time(earlier: Submission | None, name: str, data: bytes) -> str | None:
    """Return when this very notebook came first by the files' times: a copy of it has the time of copying."""
    if earlier is None or earlier.clock != FILES or not earlier.times.get(name):
        return None
    path = earlier.path / f"{name}.ipynb"
    return earlier.times[name] if path.is_file() and path.read_bytes() == data else None
