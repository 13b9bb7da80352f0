"""Gather the files of one student, from folders and from archives, which are opened once and not deeper."""

import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from helpers.exercises import ASSIGNMENTS
from helpers.grading.files.archives import (
    TOO_DEEP,
    WRONG_ARCHIVE,
    find_archive_suffix,
    is_other_archive,
    list_archive,
)
from helpers.grading.files.items import IntakeBudget, IntakeLimits, Item, Refused, read_chunks, say
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.layouts import DownloadEntry

TIMESTAMP = "timestamp.txt"
MAX_ARCHIVES = 20
TOO_MANY = f"is one of more than {MAX_ARCHIVES} archives and was left out: ask for the files in one .zip."


@dataclass
class Gathered:
    """A student's files that may be opened, and a sentence for each that may not; `traces` are of interest if none may.

    `timestamp` is the timestamp.txt that nbgrader wrote beside the files when it collected them: never one that came
    in an archive or through an LMS, which a student has written.
    """

    items: list[Item] = field(default_factory=list)
    timestamp: Item | None = None
    problems: list[str] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)

    def add(self, item: Item, *, inside: bool) -> None:
        """Sort one file in. `inside` tells that it lies in a student's archive."""
        refused = item.refused
        if not refused and inside and (find_archive_suffix(item.name) or is_other_archive(item.name)):
            refused = TOO_DEEP
        if not refused and is_other_archive(item.name):
            refused = WRONG_ARCHIVE
        if refused:
            (self.traces if item.is_trace else self.problems).append(say(item, refused))
        else:
            self.items.append(item)


def gather(
    sources: Iterable[tuple[Claim, DownloadEntry]], stack: ExitStack, limits: IntakeLimits, *, assignment: str
) -> Gathered:
    """Return the files of a student's entries; they can be read until `stack` is closed."""
    gathered, packed, archives = Gathered(), IntakeBudget(limits), 0
    for claim, entry in sources:
        own = _list_own(claim, entry, assignment)
        stamp = next((item for item in own if item.parts == (assignment, TIMESTAMP) and not item.refused), None)
        if stamp and not claim.system:
            gathered.timestamp, own = stamp, [replace(item, is_stamped=True) for item in own]
        for item in own:
            if item.refused or not find_archive_suffix(item.name):
                gathered.add(item, inside=False)
                continue
            archives += 1
            try:
                for inner in _open_archive(item, stack, packed, number=archives):
                    gathered.add(inner, inside=True)
            except Refused as reason:
                gathered.problems.append(say(item, reason))
    gathered.items = _leave_out_older(gathered.items)
    _cut(gathered, limits.student_files)
    return gathered


def _leave_out_older(items: list[Item]) -> list[Item]:
    """Return the items without files beside the notebooks that came again, under the same name, in a later upload."""
    newest: dict[tuple[str, ...], tuple[int, int]] = {}
    for item in items:
        newest[item.parts] = max(item.version, newest.get(item.parts, item.version))
    return [item for item in items if item.is_notebook or item.version == newest[item.parts]]


def _list_own(claim: Claim, entry: DownloadEntry, assignment: str) -> list[Item]:
    """Return an entry's items under the names that the student gave them; of several assignments, this one's."""
    items = [replace(item, version=(claim.upload, claim.attempt)) for item in entry.list_items()]
    if not entry.is_folder:
        return [replace(item, parts=(claim.original,)) if claim.system and item.parts else item for item in items]
    if not any(len(item.parts) > 1 and item.parts[0] == assignment for item in items):
        return [item for item in items if len(item.parts) < 2 or item.parts[0] not in ASSIGNMENTS]
    return [item for item in items if len(item.parts) < 2 or item.parts[0] == assignment]


def _open_archive(item: Item, stack: ExitStack, packed: IntakeBudget, *, number: int) -> list[Item]:
    """Return what is in a student's `number`-th archive, as if it had been unpacked into a folder of its name."""
    if number > MAX_ARCHIVES:
        raise Refused(TOO_MANY)
    file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (open as long as what is in it)
    for chunk in read_chunks(item, packed, most_bytes=packed.limits.student_bytes):
        file.write(chunk)
    if not file.tell():
        raise Refused("is empty (0 bytes): ask for it again.")
    file.seek(0)
    folder = item.name[: -len(find_archive_suffix(item.name))]
    inner = list_archive(file, item.name, stack, packed.limits)
    above = (*item.parts[:-1], folder)
    same: dict[str, Any] = {"version": item.version, "is_stamped": item.is_stamped, "packed_in": item}
    return [replace(one, parts=(*above, *one.parts) if one.parts else (), **same) for one in inner]


def _cut(gathered: Gathered, most: int) -> None:
    """Leave out files beyond the allowed number, notebooks last."""
    gathered.items.sort(key=lambda item: not item.is_notebook)
    if (extra := len(gathered.items) - most) > 0:
        gathered.problems.append(f"{extra:,} files beyond {most:,} were left out: ask for the notebooks alone.")
        del gathered.items[most:]
