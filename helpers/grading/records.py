"""What grading passes on: a submission goes in, a result record comes out; both are plain data, kept as JSON."""

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from helpers.grading.errors import GradingError
from helpers.grading.files.whole_files import write_whole

GRADED, IN_PART, TAMPERED, UNREADABLE, MISSING = "graded", "graded in part", "tampered", "unreadable", "missing"
STATUSES = (GRADED, IN_PART, TAMPERED, UNREADABLE, MISSING)
ASSIGNMENT_OF_BEFORE = "exercise_01"
"""What records and submissions are of that name no assignment: earlier versions knew one."""


@dataclass(frozen=True)
class Student:
    """One line of the roster. `row` keeps the roster's own columns, which uploads need again.

    `points_possible` is what the row of that name says of the exercise in a Canvas export.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    row: dict[str, str] = field(default_factory=dict)
    points_possible: str = ""


@dataclass(frozen=True)
class Submission:
    """What one student handed in, after intake.

    `folder` holds clean copies: notebooks under their released names, and other harmless files; None when
    nothing usable came. `notebooks` maps a notebook's name ("04_inference") to the name of the file handed in.
    `timestamp` is ISO 8601 in UTC. `problems` are sentences; with no folder they say why it is unreadable,
    and with neither folder nor problems nothing was handed in. `times` holds each notebook's own time, as far as it is
    known, `clock` says what told it (see intake/times.py); `is_marked_late` that the system calls it late. `assignment`
    names what was handed in.
    """

    student: str
    folder: str | None = None
    notebooks: dict[str, str] = field(default_factory=dict)
    timestamp: str | None = None
    problems: tuple[str, ...] = ()
    times: dict[str, str] = field(default_factory=dict)
    clock: str = ""
    is_marked_late: bool = False
    assignment: str = ASSIGNMENT_OF_BEFORE

    @property
    def path(self) -> Path:
        """The folder, of a submission that has one."""
        assert self.folder is not None
        return Path(self.folder)


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One graded cell. `points` is None where a person has to grade, or where nothing could be judged.

    `exercise` is an id of helpers/exercises/, or "" for a question of its own; `causes` are cause ids;
    `text_sha256` is the student's answer that the points are for.
    """

    grade_id: str
    exercise: str
    points: float | None
    max_points: float
    needs_manual: bool
    hidden: bool
    ran: bool
    causes: tuple[str, ...] = ()
    text_sha256: str = ""


@dataclass(frozen=True)
class NotebookRecord:
    """One notebook's result: its status with reasons, its graded cells, and what running it took.

    `unanswered` holds the grade ids of answers that are still as they were handed out.
    """

    name: str
    status: str
    reasons: tuple[str, ...] = ()
    cells: tuple[CellRecord, ...] = ()
    unanswered: tuple[str, ...] = ()
    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True)
class SubmissionRecord:
    """One student's result.

    `fingerprint` is a hash of the files handed in, "" if the next run is to try again. `class_seed` is one of the seed
    of its hidden checks. `timestamp`, `clock`, `is_marked_late` and `assignment` are those of the submission.
    """

    student: str
    status: str
    reasons: tuple[str, ...] = ()
    notebooks: tuple[NotebookRecord, ...] = ()
    fingerprint: str = ""
    timestamp: str | None = None
    class_seed: str = ""
    clock: str = ""
    is_marked_late: bool = False
    assignment: str = ASSIGNMENT_OF_BEFORE

    @property
    def was_graded(self) -> bool:
        """Whether there are points at all: none for what is missing or unreadable, which is not zero."""
        return self.status not in (MISSING, UNREADABLE)


def parse_submission(data: dict) -> Submission:
    """Return the submission that `asdict` made `data` of. Raises KeyError or TypeError if it is not one."""
    return Submission(**{**data, "problems": tuple(data["problems"])})


def write_json(path: Path, data: object) -> None:
    """Write JSON so that a reader, or a killed writer, never leaves half a file. A lone surrogate becomes "?"."""
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False), durable=True)


def write_record(folder: Path, record: SubmissionRecord) -> None:
    """Write `<student>.json` into `folder`."""
    write_json(folder / f"{record.student}.json", asdict(record))


def touch_record(folder: Path, student: str) -> None:
    """Make a student's record newer than the feedback that was written from it, so that this is written again."""
    with contextlib.suppress(FileNotFoundError):
        os.utime(folder / f"{student}.json")


def read_record(path: Path, *, assignment: str = "") -> SubmissionRecord:
    """Read one record. Raises ValueError, KeyError or TypeError if the file is not one.

    GradingError if it is not of `assignment`, where one is named.
    """
    record = parse_record(json.loads(path.read_text(encoding="utf-8")))
    refuse_other(record, assignment or record.assignment, path)
    return record


def refuse_other(record: SubmissionRecord, assignment: str, path: Path) -> None:
    """Raise GradingError, in one sentence, if what lies at `path`, among the files of `assignment`, is not its own."""
    if record.assignment != assignment:
        text = f"{path} is of {record.assignment}, and lies among the files of {assignment}: put it back there."
        raise GradingError(text)


def parse_record(data: dict) -> SubmissionRecord:
    """Return the record that `asdict` made `data` of. Raises KeyError or TypeError if it is not one."""
    notebooks = tuple(_read_notebook(item) for item in data["notebooks"])
    return SubmissionRecord(**{**data, "reasons": tuple(data["reasons"]), "notebooks": notebooks})


def _read_notebook(data: dict) -> NotebookRecord:
    cells = tuple(map(_read_cell, data["cells"]))
    unanswered = tuple(data.get("unanswered", ()))  # records of earlier versions do not say it
    return NotebookRecord(**{**data, "reasons": tuple(data["reasons"]), "cells": cells, "unanswered": unanswered})


def _read_cell(data: dict) -> CellRecord:
    """Return a cell's record; the names that everybody has are kept once, not for each student."""
    names = {key: sys.intern(data[key]) for key in ("grade_id", "exercise")}
    return CellRecord(**{**data, **names, "causes": tuple(map(sys.intern, data["causes"]))})


def read_records(folder: Path, *, assignment: str = "") -> dict[str, SubmissionRecord]:
    """Return every record of a folder by student; files that are none are left out. GradingError: see read_record."""
    records = {}
    for path in sorted(folder.glob("*.json")):
        try:
            record = read_record(path, assignment=assignment)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        records[record.student] = record
    return records


def is_graded(record: SubmissionRecord) -> bool:
    """Return whether points stand for all that was handed in; what asks for a person's eye does not count.

    A record without a fingerprint stands for files that could not be graded: the next run tries again.
    """
    return bool(record.notebooks and record.fingerprint) and not any(
        cell.points is None and cell.exercise for notebook in record.notebooks for cell in notebook.cells
    )
