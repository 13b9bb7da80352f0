"""Keep results so that a run killed at any moment goes on where it was.

A result is first kept whole in COURSE/grading/ASSIGNMENT/pending/, then written to the gradebook, then its record is
kept in records/ beside it and the pending file removed. Each step can be repeated without harm.

What goes wrong with one student's result becomes a sentence in that student's record, and the next run tries again;
only what would go wrong with everybody's is raised.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Protocol

from helpers.grading.course.graded_submission import GradedSubmission, combine, describe_record, hash_files
from helpers.grading.course.questions import write_questions
from helpers.grading.errors import GradingError, concerns_everybody, describe_error, explain_to_all, is_about_a_name
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import (
    UNREADABLE,
    NotebookRecord,
    Submission,
    SubmissionRecord,
    parse_record,
    read_record,
    refuse_other,
    write_json,
    write_record,
)


class Write(Protocol):
    """Writes a result where people read it; `before` is the student's record until then."""

    def __call__(self, result: GradedSubmission, /, *, before: SubmissionRecord | None) -> None:
        """Write it."""


class ResultStore:
    """The results of one assignment of a course. GradingError where a record of another one lies there."""

    def __init__(self, assignment: CourseAssignment) -> None:
        self.assignment = assignment
        self.records, self._pending = assignment.records, assignment.kept / "pending"

    def read(self, student: str) -> SubmissionRecord | None:
        """Return a student's record, or None if there is none that can be read."""
        try:
            return read_record(self.records / f"{student}.json", assignment=self.assignment.name)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def has_points(self, submission: Submission) -> bool:
        """Tell whether anything that a student handed in has been graded."""
        record = self.read(submission.student)
        return record is not None and bool(record.notebooks)

    def is_done(self, submission: Submission) -> bool:
        """Return whether these very files have been graded already."""
        record = self.read(submission.student)
        if record is None or submission.folder is None:
            return False
        return record.fingerprint == hash_files(Path(submission.folder))

    def update(self, submission: Submission, write: Write) -> SubmissionRecord | None:
        """Write down what is said of a submission now, and when it came, if its files have been graded already."""
        before = self.read(submission.student)
        if before is None or not before.notebooks or not before.fingerprint:
            return before
        reasons = tuple(dict.fromkeys((*combine(before.notebooks)[1], *submission.problems)))
        when = {name: getattr(submission, name) for name in ("timestamp", "clock", "is_marked_late")}
        after = replace(before, reasons=reasons, **when)
        if after == before:
            return before
        return self.keep(GradedSubmission(after, {}), write)

    def keep(self, result: GradedSubmission, write: Write, *, exercise: str = "") -> SubmissionRecord:
        """Keep one result and write it to the gradebook with `write`; return the record that now holds.

        With an `exercise`, only its cells get their new points; all others stay as they were.
        """
        student = result.record.student
        try:
            merged = replace(result, record=merge(self.read(student), result.record, exercise=exercise))
            write_questions(self.assignment, student, result.questions)
            path = self._pending / f"{student}.json"
            write_json(path, {"record": asdict(merged.record), "notebooks": merged.notebooks})
            self._finish(path, merged, write)
            return self.read(student) or merged.record
        except Exception as error:  # whatever a hostile submission makes of a result must not stop the class
            return self._note_failure(student, error)

    def finish_pending(self, write: Write) -> None:
        """Write what a killed run had graded but not yet written."""
        for path in sorted(self._pending.glob("*.json")):
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                self._finish(path, GradedSubmission(parse_record(data["record"]), data["notebooks"]), write)
            except Exception as error:
                _tell(self._note_failure(path.stem, error))

    def write_again(self, students: Iterable[str], write: Write) -> int:
        """Write the records of these students once more, as they are; return how many there are."""
        written = 0
        for record in [record for record in map(self.read, students) if record and record.notebooks]:
            try:
                paths = self.assignment.find_executed(record.student).glob("*.ipynb")
                executed = {path.stem: path.read_text(encoding="utf-8") for path in paths}
                write(GradedSubmission(record, executed), before=record)
                written += 1
            except Exception as error:
                _tell(self._note_failure(record.student, error))
        return written

    def _finish(self, path: Path, result: GradedSubmission, write: Write) -> None:
        refuse_other(result.record, self.assignment.name, path)
        write(result, before=self.read(result.record.student))
        write_record(self.records, result.record)
        path.unlink()

    def _note_failure(self, student: str, error: Exception) -> SubmissionRecord:
        """Keep and return a record that says what went wrong, without a fingerprint, so that the next run tries again.

        What was graded before stays. Raises the error, or a GradingError, if it concerns everybody.
        """
        if concerns_everybody(error):
            raise error
        reason = f"The result could not be written: {describe_error(error)}. The next `make grade` tries again."
        before = self.read(student) or SubmissionRecord(student, UNREADABLE, assignment=self.assignment.name)
        record = replace(before, reasons=tuple(dict.fromkeys((reason, *before.reasons))), fingerprint="")
        try:
            write_record(self.records, record)
            (self._pending / f"{student}.json").unlink(missing_ok=True)
        except (OSError, ValueError) as second:
            if not is_about_a_name(second):  # not even this can be written
                raise GradingError(explain_to_all(second)) from second
        return record


def _tell(record: SubmissionRecord) -> None:
    print(f"  {record.student}: {describe_record(record)}", flush=True)


def merge(before: SubmissionRecord | None, after: SubmissionRecord, *, exercise: str = "") -> SubmissionRecord:
    """Return `after`, with what was not graded this time as it was `before`."""
    if before is None or not before.notebooks:
        return after
    if not after.notebooks:  # nothing usable came this time: what was graded before stays
        return replace(before, reasons=tuple(dict.fromkeys((*before.reasons, *after.reasons))))
    notebooks = {notebook.name: notebook for notebook in before.notebooks}
    for notebook in after.notebooks:
        earlier = notebooks.get(notebook.name)
        notebooks[notebook.name] = _merge_cells(earlier, notebook, exercise) if earlier and exercise else notebook
    ordered = tuple(notebooks[name] for name in sorted(notebooks))
    status, reasons = combine(ordered)
    return replace(after, status=status, reasons=tuple(dict.fromkeys((*reasons, *after.reasons))), notebooks=ordered)


def _merge_cells(before: NotebookRecord, after: NotebookRecord, exercise: str) -> NotebookRecord:
    earlier = {cell.grade_id: cell for cell in before.cells}
    cells = [cell if cell.exercise == exercise else earlier.get(cell.grade_id, cell) for cell in after.cells]
    return replace(after, cells=tuple(cells))
