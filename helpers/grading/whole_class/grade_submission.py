"""Grade one submission: its files in, a record and executed notebooks out; nothing of the course is written here."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import nbformat

from helpers.grading.answering.fork_server import ForkServer, ForkServerError
from helpers.grading.course.graded_submission import GradedSubmission, combine, make_record, record_nothing
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.judge.execution import SUBMISSION_S
from helpers.grading.judge.notebook import grade_notebook
from helpers.grading.judge.template import Template
from helpers.grading.notebooks.bounded_size import MAX_CHARACTERS, write_within
from helpers.grading.records import (
    MISSING,
    UNREADABLE,
    CellRecord,
    NotebookRecord,
    Submission,
)


def grade_submission(
    submission: Submission,
    templates: Mapping[str, Template],
    server: ForkServer,
    *,
    only: Iterable[str] = (),
    every_cell: bool = False,
) -> GradedSubmission:
    """Run and judge the notebooks of one submission, all or those named in `only`, within SUBMISSION_S.

    With `every_cell`, given cells on which no point depends run as well. The executed notebooks have MAX_CHARACTERS
    in all, or little more.
    """
    if submission.folder is None:
        return GradedSubmission(record_nothing(submission), {})
    records: list[NotebookRecord] = []
    executed: dict[str, str] = {}
    questions: dict[str, bytes] = {}
    options = {"work": submission.folder, "deadline": time.monotonic() + SUBMISSION_S, "every_cell": every_cell}
    for name in only or templates:
        room = MAX_CHARACTERS - sum(map(len, executed.values()))
        record, text, questions[name] = _grade_file(submission, templates[name], server, room, options)
        records.append(record)
        if text:
            executed[name] = text
    status, reasons = combine([*records])
    whole = make_record(submission, status, (*reasons, *submission.problems), tuple(records))
    return GradedSubmission(whole, executed, questions)


def _grade_file(
    submission: Submission, template: Template, server: ForkServer, room: int, options: Mapping[str, Any]
) -> tuple[NotebookRecord, str, bytes]:
    path = submission.path / f"{template.name}.ipynb"
    if not path.exists():
        return _leave_out(submission, template), "", b""
    try:
        submitted = nbformat.read(path, as_version=4)
        graded = grade_notebook(submitted, template, server, **options)
        sanitize_outputs(graded.executed)
        return graded.record, write_within(graded.executed, room), graded.questions
    except (ForkServerError, MemoryError):
        raise
    except Exception as error:  # whatever a hostile file makes of a parser must not stop the class
        reason = f"The notebook could not be read: {type(error).__name__}. Ask for it again, saved by Jupyter."
        return NotebookRecord(template.name, UNREADABLE, (reason,), make_blank_cells(template, by_hand=True)), "", b""


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
