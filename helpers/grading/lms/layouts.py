"""List what lies at the top of what was handed over: a folder or a file of each student, in a folder or an archive."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from helpers.exercises import ASSIGNMENTS
from helpers.grading.files.archives import find_archive_suffix, list_archive
from helpers.grading.files.items import IntakeError, IntakeLimits, Item, Refused
from helpers.grading.files.names import is_ignored, is_notebook_name, split_path
from helpers.grading.files.tree import list_tree, make_item, open_plain_file
from helpers.grading.lms.claims import read_claim


@dataclass(frozen=True)
class DownloadEntry:
    """One thing at the top. `list_items` gives its files: paths below a folder, or the file itself."""

    name: str
    is_folder: bool
    list_items: Callable[[], list[Item]]


def list_entries(
    path: Path, stack: ExitStack, limits: IntakeLimits, *, is_known: Callable[[str], bool]
) -> list[DownloadEntry]:
    """Return what was handed over at `path`, a folder or an archive; its items can be read until `stack` is closed.

    `is_known` tells whether a folder's name is that of a student; a folder around all others is taken off.
    IntakeError when there is nothing that can be opened.
    """
    if path.is_dir():
        return _list_folder(path, limits)
    if not path.exists():
        raise IntakeError(f"There is nothing at {path}: name the folder or the archive that holds the submissions.")
    if not find_archive_suffix(path.name):
        raise IntakeError(
            f"{path.name} is neither a folder nor a .zip or .tar.gz: name one that holds the submissions."
        )
    try:
        file = stack.enter_context(open_plain_file(path.resolve()))
        entries = _group(list_archive(file, path.name, stack, limits, whole_class=True))
    except Refused as reason:
        raise IntakeError(f"{path.name} {reason}") from None
    return _take_off_wrapper(entries, is_known)


def _list_folder(folder: Path, limits: IntakeLimits) -> list[DownloadEntry]:
    entries = []
    try:
        everything = sorted(os.scandir(folder), key=lambda found: found.name)
    except OSError as error:
        raise IntakeError(f"The folder {folder} cannot be read ({error.strerror}): make it readable.") from None
    for found in everything:
        parts = split_path(found.name)
        if is_ignored(parts):
            continue
        item = make_item(found, parts)
        if found.is_dir(follow_symlinks=False) and item.parts:
            entries.append(DownloadEntry(parts[0], True, partial(list_tree, Path(found.path), limits)))
        else:
            entries.append(DownloadEntry(found.name, False, partial(list, [item])))
    return entries


def _group(items: list[Item]) -> list[DownloadEntry]:
    """Return the entries of an archive: its items by the first part of their path."""
    folders: dict[str, list[Item]] = {}
    entries = []
    for item in items:
        if len(item.parts) > 1:
            inside = item.parts[1:]
            folders.setdefault(item.parts[0], []).append(replace(item, parts=inside, label="/".join(inside)))
        else:
            item = replace(item, label=item.name or item.label)
            entries.append(DownloadEntry(item.label, False, partial(list, [item])))
    for name, files in folders.items():
        entries.append(DownloadEntry(name, True, partial(list, files)))
    return sorted(entries, key=lambda entry: entry.name)


def _take_off_wrapper(entries: list[DownloadEntry], is_known: Callable[[str], bool]) -> list[DownloadEntry]:
    """Return what is inside the only folder of an archive, unless that is the folder of a class's only student."""
    wrapper = next((entry for entry in entries if entry.is_folder), None)
    if wrapper is None or any(_may_be_work(entry) for entry in entries if entry is not wrapper):
        return entries
    if is_known(wrapper.name) or read_claim(wrapper.name, is_folder=True).system:
        return entries
    inside = _group(wrapper.list_items())
    if any(entry.name in ASSIGNMENTS or _is_plain_notebook(entry) for entry in inside):
        return entries
    return [*inside, *(entry for entry in entries if entry is not wrapper)]


def _may_be_work(entry: DownloadEntry) -> bool:
    is_work = entry.is_folder or find_archive_suffix(entry.name) or is_notebook_name(entry.name)
    return bool(is_work or read_claim(entry.name, is_folder=False).system)


def _is_plain_notebook(entry: DownloadEntry) -> bool:
    is_notebook = not entry.is_folder and is_notebook_name(entry.name)
    return is_notebook and not read_claim(entry.name, is_folder=False).system
