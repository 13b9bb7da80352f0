"""Keep results so that a run killed at any moment goes on where it was.

A result is first kept whole in grading/pending/, then written to the gradebook, then its record is kept in
grading/records/ and the pending file removed. Each step can be repeated without harm.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path

from helpers.grading.notebooks import ASSIGNMENT
from helpers.grading.records import (
    NotebookRecord,
    Submission,
    SubmissionRecord,
    parse_record,
    read_record,
    write_json,
    write_record,
)
from helpers.grading.submission import GradedSubmission, combine, hash_files

Write = Callable[[GradedSubmission, SubmissionRecord | None], None]


class ResultStore:
    """The results of one course, below `<course>/grading`."""

    def __init__(self, course: Path) -> None:
        self.records, self._pending = course / "grading" / "records", course / "grading" / "pending"
        self._executed = course / "autograded"

    def read(self, student: str) -> SubmissionRecord | None:
        """Return a student's record, or None if there is none that can be read."""
        try:
            return read_record(self.records / f"{student}.json")
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def is_done(self, submission: Submission) -> bool:
        """Return whether these very files have been graded already."""
        record = self.read(submission.student)
        if record is None or submission.folder is None:
            return False
        return record.fingerprint == hash_files(Path(submission.folder)) and record.timestamp == submission.timestamp

    def keep(self, result: GradedSubmission, write: Write, *, exercise: str = "") -> SubmissionRecord:
        """Keep one result and write it to the gradebook with `write`; return the record that now holds.

        With an `exercise`, only its cells get their new points; all others stay as they were.
        """
        before = self.read(result.record.student)
        merged = replace(result, record=merge(before, result.record, exercise=exercise))
        path = self._pending / f"{result.record.student}.json"
        write_json(path, asdict(merged))
        self._finish(path, merged, write)
        return merged.record

    def finish_pending(self, write: Write) -> None:
        """Write what a killed run had graded but not yet written."""
        for path in sorted(self._pending.glob("*.json")):
            data = json.loads(path.read_text(encoding="utf-8"))
            self._finish(path, GradedSubmission(parse_record(data["record"]), data["notebooks"]), write)

    def write_again(self, students: Iterable[str], write: Write) -> int:
        """Write the records of these students once more, as they are; return how many there are."""
        records = [record for record in map(self.read, students) if record and record.notebooks]
        for record in records:
            paths = (self._executed / record.student / ASSIGNMENT).glob("*.ipynb")
            executed = {path.stem: path.read_text(encoding="utf-8") for path in paths}
            write(GradedSubmission(record, executed), before=record)
        return len(records)

    def _finish(self, path: Path, result: GradedSubmission, write: Write) -> None:
        write(result, before=self.read(result.record.student))
        write_record(self.records, result.record)
        path.unlink()


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
