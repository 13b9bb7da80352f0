"""Grade one submission: a pure function, submission in, record and executed notebooks out."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from helpers.grading.executed import MOST_CHARACTERS, write_within
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.judge.execution import SUBMISSION_S
from helpers.grading.judge.notebook import grade_notebook
from helpers.grading.judge.template import Template
from helpers.grading.kernels.forkserver import ForkServer, ForkServerError
from helpers.grading.records import (
    GRADED,
    IN_PART,
    MISSING,
    TAMPERED,
    UNREADABLE,
    CellRecord,
    NotebookRecord,
    Submission,
    SubmissionRecord,
)


@dataclass(frozen=True)
class GradedSubmission:
    """A submission's record, and its executed notebooks as text, by name, with nothing that a browser would run."""

    record: SubmissionRecord
    notebooks: dict[str, str]


def grade_submission(
    submission: Submission,
    templates: Mapping[str, Template],
    server: ForkServer,
    *,
    only: Iterable[str] = (),
    every_cell: bool = False,
) -> GradedSubmission:
    """Run and judge the notebooks of one submission, all or those named in `only`, within SUBMISSION_S.

    With `every_cell`, given cells on which no point depends run as well. The executed notebooks have MOST_CHARACTERS
    in all, or little more.
    """
    if submission.folder is None:
        return GradedSubmission(record_nothing(submission), {})
    records, executed = [], {}
    options = {"work": submission.folder, "deadline": time.monotonic() + SUBMISSION_S, "every_cell": every_cell}
    for name in only or templates:
        room = MOST_CHARACTERS - sum(map(len, executed.values()))
        record, text = _grade_file(submission, templates[name], server, room, options)
        records.append(record)
        if text:
            executed[name] = text
    status, reasons = combine([*records])
    record = _make_record(submission, status, (*reasons, *submission.problems), tuple(records))
    return GradedSubmission(record, executed)


def record_nothing(submission: Submission) -> SubmissionRecord:
    """Return the record of a submission without usable files: unreadable if there were any, otherwise missing."""
    return _make_record(submission, UNREADABLE if submission.problems else MISSING, submission.problems, ())


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


def _make_record(submission: Submission, status: str, reasons, notebooks) -> SubmissionRecord:
    fingerprint = hash_files(Path(submission.folder)) if submission.folder else ""
    return SubmissionRecord(
        submission.student, status, tuple(reasons), notebooks, fingerprint=fingerprint, timestamp=submission.timestamp
    )


def _grade_file(
    submission: Submission, template: Template, server: ForkServer, room: int, options: Mapping[str, Any]
) -> tuple[NotebookRecord, str]:
    path = Path(submission.folder) / f"{template.name}.ipynb"
    if not path.exists():
        return _leave_out(submission, template), ""
    try:
        submitted = nbformat.read(path, as_version=4)
        record, executed = grade_notebook(submitted, template, server, **options)
        sanitize_outputs(executed)
        return record, write_within(executed, room)
    except (ForkServerError, MemoryError):
        raise
    except Exception as error:  # whatever a hostile file makes of a parser must not stop the class
        reason = f"The notebook could not be read: {type(error).__name__}. Ask for it again, saved by Jupyter."
        return NotebookRecord(template.name, UNREADABLE, (reason,), make_blank_cells(template, by_hand=True)), ""


def _leave_out(submission: Submission, template: Template) -> NotebookRecord:
    """A notebook that is not there: unreadable if intake had to refuse it, otherwise not handed in, no points."""
    refused = [problem for problem in submission.problems if template.name in problem]
    if refused:
        return NotebookRecord(template.name, UNREADABLE, (), make_blank_cells(template, by_hand=True))
    return NotebookRecord(template.name, MISSING, ("Not handed in.",), make_blank_cells(template, by_hand=False))


def make_blank_cells(template: Template, *, by_hand: bool) -> tuple[CellRecord, ...]:
    """Return records of cells that could not be judged (`by_hand`), or that earn nothing."""
    points = None if by_hand else 0.0
    return tuple(
        CellRecord(
            grade_id,
            exercise,
            points,
            template.points[grade_id],
            needs_manual=by_hand,
            hidden=False,
            ran=False,
        )
        for grade_id, exercise in template.exercises.items()
    )
