"""What grading one submission gives; imports nothing heavy, since the command that writes it all down reads it too."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.checks.class_seed import class_seed
from helpers.grading.course.class_seed import name_seed
from helpers.grading.records import (
    GRADED,
    IN_PART,
    MISSING,
    TAMPERED,
    UNREADABLE,
    NotebookRecord,
    Submission,
    SubmissionRecord,
)


@dataclass(frozen=True)
class GradedSubmission:
    """A submission's record, and its executed notebooks as text, by name, with nothing that a browser would run.

    `questions` holds by notebook what was asked of the answers; `from_kept` says that nothing was asked, as the answers
    to the same questions had been kept.
    """

    record: SubmissionRecord
    notebooks: dict[str, str]
    questions: dict[str, bytes] = field(default_factory=dict)
    from_kept: bool = False


def record_nothing(submission: Submission) -> SubmissionRecord:
    """Return the record of a submission without usable files: unreadable if there were any, otherwise missing."""
    return make_record(submission, UNREADABLE if submission.problems else MISSING, submission.problems, ())


def record_gone(submission: Submission) -> SubmissionRecord:
    """Return the record of a submission that was taken in, but whose files are gone before they were graded."""
    gone = replace(submission, folder=None)
    return make_record(gone, UNREADABLE, ("Its files are gone from the course: give SUBMISSIONS= again.",), ())


def combine(records: Iterable[NotebookRecord]) -> tuple[str, tuple[str, ...]]:
    """Return a submission's status and reasons from those of its notebooks."""
    records = list(records)
    reasons = tuple(f"{record.name}: {reason}" for record in records for reason in record.reasons)
    found = {record.status for record in records}
    if found <= {UNREADABLE, MISSING}:
        return (UNREADABLE if UNREADABLE in found else MISSING), reasons
    for status in (TAMPERED, IN_PART):
        if status in found:
            return status, reasons
    return (IN_PART if UNREADABLE in found else GRADED), reasons


def hash_files(folder: Path) -> str:
    """Return the SHA-256 of a folder's files, names and contents, without the time at which they were handed in."""
    digest = hashlib.sha256()
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    for path in sorted(path for path in files if path.name != "timestamp.txt"):
        digest.update(str(path.relative_to(folder)).encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def make_record(
    submission: Submission, status: str, reasons: Iterable[str], notebooks: tuple[NotebookRecord, ...]
) -> SubmissionRecord:
    """Return the record of these files."""
    fingerprint = hash_files(Path(submission.folder)) if submission.folder else ""
    when = {name: getattr(submission, name) for name in ("timestamp", "clock", "is_marked_late", "assignment")}
    when["class_seed"] = name_seed(class_seed.get())
    return SubmissionRecord(submission.student, status, tuple(reasons), notebooks, fingerprint=fingerprint, **when)


def describe_record(record: SubmissionRecord, earned: str = "") -> str:
    """Return one line: the status, the points in words if they are given, and the first reason."""
    points = f", {earned}" if earned and record.was_graded else ""
    more = f" (and {len(record.reasons) - 1} more)" if len(record.reasons) > 1 else ""
    return f"{record.status}{points}" + (f": {record.reasons[0]}{more}" if record.reasons else "")
