"""Shorter limits for attacks that only a limit ends."""

import contextlib
from collections.abc import Iterator
from functools import partial
from unittest import mock

from helpers.grading.answering import session
from helpers.grading.judge import execution, remote
from helpers.grading.whole_class import grade_submission

GRACE_S = 0.5


@contextlib.contextmanager
def limit_cells(cell_s: float) -> Iterator[None]:
    """Give each cell, check and snapshot at most so many seconds, and less time to react to an interrupt."""
    shorter = {
        (grade_submission, "grade_notebook"): partial(grade_submission.grade_notebook, cell_s=cell_s),
        (execution, "SNAPSHOT_S"): min(cell_s, execution.SNAPSHOT_S),
        (session, "GRACE_S"): min(cell_s, GRACE_S),
        (remote, "GRACE_S"): min(cell_s, GRACE_S),
    }
    with contextlib.ExitStack() as stack:
        for (module, name), value in shorter.items():
            stack.enter_context(mock.patch.object(module, name, value))
        yield
