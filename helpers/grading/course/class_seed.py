"""Keep the seed of a class, from which the numbers of hidden checks are drawn: one for each course, drawn once.

It lies in COURSE/grading/class_seed.json, for the eyes of its owner alone. It goes to the workers, which judge; the
process that runs answers is never told. Each record names the seed that it was judged with.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from pathlib import Path

from helpers.checks.class_seed import NO_CLASS
from helpers.grading.files.whole_files import write_whole
from helpers.grading.records import SubmissionRecord

MAX_NAMED = 3  # students
WAYS_OUT = "Put the file back as it was; or let AGAIN=all grade everybody with the seed that is there then."


class SeedError(RuntimeError):
    """The seed of a class is lost, damaged or another one; the message says what to do."""


def find_file(course: Path) -> Path:
    """Return where a course keeps its seed."""
    return course / "grading" / "class_seed.json"


def name_seed(seed: str) -> str:
    """Return the name of a seed, from which it cannot be read."""
    return hashlib.sha256(f"class seed {seed}".encode()).hexdigest()[:12]


def read_seed(course: Path) -> str | None:
    """Return the seed of a course, None if there is none. SeedError if the file holds something else."""
    path = find_file(course)
    try:
        seed = json.loads(path.read_text(encoding="utf-8"))["class_seed"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SeedError(f"{path} holds no class seed that can be read. {WAYS_OUT}") from error
    if not isinstance(seed, str) or not seed:
        raise SeedError(f"{path} holds no class seed that can be read. {WAYS_OUT}")
    return seed


def keep_seed(course: Path, seed: str) -> None:
    """Write the seed of a course; the file is there whole or not at all, and its owner alone may read it."""
    write_whole(find_file(course), json.dumps({"class_seed": seed}), mode=0o600, durable=True)


def take_up_seed(course: Path, records: Iterable[SubmissionRecord], *, again: str) -> str:
    """Return the seed of a course, which is drawn now if it has none.

    records: of those who can be graded again. SeedError if they were judged with another seed, so that nobody is
    graded by other numbers than the rest in silence; only where everybody is graded anyway, a new one takes its place.
    """
    everybody = again == "all"
    try:
        seed = read_seed(course)
    except SeedError:
        if not everybody:
            raise
        seed = None
    _expect_same_seed(course, seed, [] if everybody else records)
    if seed is None:
        seed = secrets.token_hex(32)
        keep_seed(course, seed)
    return seed


def find_seed(course: Path, record: SubmissionRecord | None) -> str:
    """Return the seed that a student of this course was judged with. SeedError if it is not there any more."""
    seed = read_seed(course)
    _expect_same_seed(course, seed, [record] if record else [])
    return seed or NO_CLASS


def _expect_same_seed(course: Path, seed: str | None, records: Iterable[SubmissionRecord]) -> None:
    name = name_seed(seed) if seed else ""
    others = [record.student for record in records if record.notebooks and record.class_seed not in ("", name)]
    if others and not seed:
        raise SeedError(f"{find_file(course)} is gone, with the seed that the class was judged with. {WAYS_OUT}")
    if others:
        named = ", ".join(others[:MAX_NAMED]) + (", ..." if len(others) > MAX_NAMED else "")
        text = f"{find_file(course)} holds another seed than {len(others)} of the class were judged with ({named})."
        raise SeedError(f"{text} {WAYS_OUT}")
