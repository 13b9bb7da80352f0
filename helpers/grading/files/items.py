"""One file that was handed in, not read yet; and how it is read: never more than allowed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from helpers.grading.files.names import is_notebook_name, may_be_notebook_name, show_name

CHUNK_BYTES = 1 << 18
SHOWN_BYTES = 4_096
NOTEBOOK_WORDS = (b'"cells"', b'"nbformat"', b'"worksheets"')

LINK = "is a link and was left out: hand in the file itself."
NOT_PLAIN = "is not a plain file and was left out: hand in ordinary files only."
SWELLS = "swells when it is unpacked and was left out: ask for it again, unpacked."
DAMAGED = "is damaged and was left out: ask for it again."


class IntakeError(RuntimeError):
    """Nothing can be taken in; the message is one sentence that says what to do."""


class Refused(Exception):
    """A file that is not taken; the message goes on from its name, says why, and what to do."""


@dataclass(frozen=True)
class IntakeLimits:
    """What is read of one student's files at most. Bytes are counted as they are read, not as they are declared.

    `ratio` is how many times larger than packed a file may be, once it is larger than `ratio_from_bytes`.
    `class_files` and `class_bytes` bound an archive that holds a whole class, the latter only if it is a tar.
    `cpu_s`, `wall_s` and `memory_mb` bound the process that takes in one student's files.
    """

    notebook_bytes: int = 50_000_000
    student_bytes: int = 200_000_000
    student_files: int = 2_000
    ratio: int = 200
    ratio_from_bytes: int = 10_000_000
    class_files: int = 200_000
    class_bytes: int = 5_000_000_000
    cpu_s: int = 30
    wall_s: float = 300
    memory_mb: int = 1_000


@dataclass(frozen=True)
class Item:
    """One file. `parts` are the safe names of its path, () if its name is not safe; `label` is how it is shown.

    `refused` says why it must not be opened ("" if it may); `packed_bytes` is its size inside an archive, 0 if
    it is not packed; `modified_s` is in seconds since 1970; `version` orders uploads of one student. `packed_in` is
    the student's archive that it lies in: whatever that holds, times too, the student has written. `is_stamped` tells
    that a timestamp.txt of nbgrader's says when it came. `is_trace` tells that it is refused, and of interest only if
    nothing better came.
    """

    parts: tuple[str, ...]
    label: str
    open: Callable[[], BinaryIO] | None = None
    refused: str = ""
    packed_bytes: int = 0
    modified_s: float | None = None
    version: tuple[int, int] = (0, 0)
    packed_in: "Item | None" = None
    is_stamped: bool = False
    is_trace: bool = False

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.parts[-1] if self.parts else ""

    @property
    def came_s(self) -> float | None:
        """When it came, in seconds since 1970, as far as anything tells that is not the student's own."""
        return self.packed_in.came_s if self.packed_in else self.modified_s

    @property
    def is_notebook(self) -> bool:
        """Whether the name is that of a notebook, with what browsers and people add to it."""
        return is_notebook_name(self.name)


class IntakeBudget:
    """What may still be read of one student's files."""

    def __init__(self, limits: IntakeLimits):
        self.limits = limits
        self.bytes_left = limits.student_bytes


def say(item: Item, reason: str | Refused) -> str:
    """Return the sentence for a file that was refused."""
    return f"{show_name(item.label)} {reason}"


def read_chunks(item: Item, budget: IntakeBudget, *, most_bytes: int) -> Iterator[bytes]:
    """Yield a file's bytes. Refused when there are more than `most_bytes`, or than the budget has left."""
    count = 0
    for chunk in _read_safely(item):
        count += len(chunk)
        budget.bytes_left -= len(chunk)
        if count > most_bytes:
            raise Refused(f"is larger than {show_megabytes(most_bytes)} and was left out: ask for a smaller file.")
        if budget.bytes_left < 0:
            most = show_megabytes(budget.limits.student_bytes)
            raise Refused(f"was left out, because all files together are larger than {most}: ask for fewer files.")
        if _is_bomb(item, count, budget.limits):
            raise Refused(SWELLS)
        yield chunk


def show_megabytes(count: int) -> str:
    """Return a number of bytes in MB."""
    return f"{count / 1e6:g} MB"


def read_all(item: Item, budget: IntakeBudget, *, most_bytes: int) -> bytes:
    """Return a file's bytes; Refused as in `read_chunks`."""
    return b"".join(read_chunks(item, budget, most_bytes=most_bytes))


def looks_like_notebook(item: Item, limits: IntakeLimits) -> bool:
    """Tell whether a file without a notebook's name begins as a notebook does."""
    if item.refused or not may_be_notebook_name(item.name):
        return False
    try:
        start = next(read_chunks(item, IntakeBudget(limits), most_bytes=limits.notebook_bytes), b"").lstrip()[
            :SHOWN_BYTES
        ]
    except Refused:
        return False
    return start.startswith((b"{", b"\xef\xbb\xbf")) and any(word in start for word in NOTEBOOK_WORDS)


def _is_bomb(item: Item, count: int, limits: IntakeLimits) -> bool:
    return bool(item.packed_bytes) and count > limits.ratio_from_bytes and count > limits.ratio * item.packed_bytes


def _read_safely(item: Item) -> Iterator[bytes]:
    if item.refused or item.open is None:
        raise Refused(item.refused or NOT_PLAIN)
    try:
        with item.open() as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except (Refused, MemoryError):
        raise
    except PermissionError:
        raise Refused("cannot be read (permission denied) and was left out: make it readable.") from None
    except Exception:  # whatever a damaged file makes of an unpacker
        raise Refused(DAMAGED) from None
