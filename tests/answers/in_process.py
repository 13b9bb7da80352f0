"""Judge an answer in this very process, as a student's own notebook does: without a sandbox, without the line."""

import contextlib
import io
import signal
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader import utils

from helpers.checks.progress import forget_results
from helpers.grading.judge.checks import make_namespace, run_check
from helpers.grading.judge.scoring import judge_check
from helpers.grading.records import GRADED
from helpers.line.guard import keep_global_state, make_scratch_folder
from tests.answers.corpus import CorpusEntry
from tests.answers.grading import Outcome, make_exercise

IN_PROCESS = "in-process"
ANSWER_S = 20  # of a whole answer with all its checks


def judge_here(entry: CorpusEntry) -> Outcome:
    """Run the answer and its checks in one namespace."""
    template = make_exercise(entry.exercise)
    forget_results()
    names, verdicts = make_namespace(template), {}
    with keep_global_state(), make_scratch_folder() as folder, contextlib.chdir(folder), _at_most(ANSWER_S):
        for cell in template.full.cells:
            if _is_check(cell):
                verdicts[cell.id] = judge_check(cell, run_check(cell.source, names, {}))
            elif not _is_locked(cell):
                source = entry.code if _name(cell) == entry.exercise else cell.source
                with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(source, "<ipython-input-answer>", "exec"), names)
    causes = tuple(dict.fromkeys(cause for verdict in verdicts.values() for cause in verdict.causes))
    return Outcome({name: verdict.points for name, verdict in verdicts.items()}, causes, GRADED)


def _name(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def _is_check(cell: NotebookNode) -> bool:
    return bool(_name(cell)) and utils.is_grade(cell) and not utils.is_solution(cell)


def _is_locked(cell: NotebookNode) -> bool:
    return bool(_name(cell)) and utils.is_locked(cell)


@contextlib.contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    """Interrupt an answer that does not end."""

    def interrupt(*_: object) -> None:
        raise TimeoutError("the answer does not end")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
