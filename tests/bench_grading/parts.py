"""Take apart what one solved submission costs: the sandbox, its cells, the questions, judging, writing.

Each is what comes on top when one more thing is done: a sandbox in which nothing runs, then the cells, then all of it.
"""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median

from helpers.grading.answering.fork_server import ForkServer, copy_helpers
from helpers.grading.course.result_store import ResultStore
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.write import prepare_gradebook, write_result
from helpers.grading.judge.execution import NotebookRun, run_cells
from helpers.grading.judge.notebook import grade_notebook
from helpers.grading.judge.plan import make_plan
from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import Template, read_templates
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.bounded_size import MAX_CHARACTERS, write_within
from helpers.grading.notebooks.paths import read_notebook
from helpers.grading.records import Submission
from helpers.grading.sandbox.choose import choose_backend
from helpers.grading.whole_class.grade_submission import grade_submission
from tests.bench_grading.honest import KINDS, write_student

ROUNDS = 5


@dataclass(frozen=True)
class Parts:
    """CPU-seconds of one notebook, or of several together."""

    sandbox_s: float
    cells_s: float
    questions_s: float
    judging_s: float
    writing_s: float

    @property
    def all_s(self) -> float:
        """Return the sum."""
        return sum(astuple(self))


def measure_parts(rounds: int = ROUNDS) -> dict[str, Parts]:
    """Return the medians by notebook, after one round that does not count, as forks and caches are made in it."""
    templates = read_templates()
    with _write_solved() as (folder, server):
        found = [
            {name: _measure(folder / f"{name}.ipynb", template, server) for name, template in templates.items()}
            for _ in range(rounds + 1)
        ]
        gradebook_s = _measure_gradebook(folder, templates, server)
    parts = {name: _find_medians([one[name] for one in found[1:]]) for name in templates}
    return parts | {"gradebook": Parts(0.0, 0.0, 0.0, 0.0, gradebook_s)}


@contextmanager
def _write_solved() -> Iterator[tuple[Path, ForkServer]]:
    """Give a folder with seven solved notebooks, and a fork server."""
    folder = Path(tempfile.mkdtemp())
    runtime = folder / "runtime" / "course"
    runtime.mkdir(parents=True)
    copy_helpers(runtime)
    write_student(folder / "solved", KINDS[0], random.Random(0))
    try:
        with closing(ForkServer(runtime, backend=choose_backend())) as server:
            yield folder / "solved", server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(path: Path, template: Template, server: ForkServer) -> Parts:
    sandbox_s = _run(path, template, server, cells=False)
    cells_s = _run(path, template, server, cells=True) - sandbox_s
    before = time.process_time()
    graded = grade_notebook(read_notebook(path), template, server, work=str(path.parent))
    judged = time.process_time()
    sanitize_outputs(graded.executed)
    write_within(graded.executed, MAX_CHARACTERS)
    questions_s = graded.record.cpu_s - cells_s - sandbox_s
    return Parts(sandbox_s, cells_s, questions_s, judged - before, time.process_time() - judged)


def _run(path: Path, template: Template, server: ForkServer, *, cells: bool) -> float:
    """Return the CPU-seconds of a sandbox, without or with the notebook's cells; nothing is asked there."""
    restored = restore_notebook(read_notebook(path), template)
    run = NotebookRun(restored, template, make_plan(restored.notebook, template), server, str(path.parent))
    with run.open_session() as session:
        run.start_clock()
        if cells:
            run_cells(run, session, until="the end")
    return run.cpu_s


def _measure_gradebook(folder: Path, templates: Mapping[str, Template], server: ForkServer) -> float:
    """Return the CPU-seconds of keeping one submission's result and writing it into the gradebook."""
    graded = grade_submission(Submission("s0", str(folder)), templates, server)
    assignment, took_s = CourseAssignment(folder.parent / "gradebook"), []
    assignment.course.mkdir()
    prepare_gradebook(assignment)
    store = ResultStore(assignment)
    with open_gradebook(assignment.course) as gradebook:
        for number in range(ROUNDS + 1):
            result = replace(graded, record=replace(graded.record, student=f"s{number}"))
            before = time.process_time()
            store.keep(result, partial(write_result, gradebook, assignment))
            took_s.append(time.process_time() - before)
    return median(took_s[1:])


def _find_medians(parts: list[Parts]) -> Parts:
    return Parts(*map(median, zip(*map(astuple, parts), strict=True)))


def sum_up(parts: Mapping[str, Parts]) -> Parts:
    """Return the sums over all notebooks."""
    return Parts(*map(sum, zip(*map(astuple, parts.values()), strict=True)))


def format_parts(parts: Mapping[str, Parts]) -> str:
    """Return the table as text."""
    lines = [
        f"{'CPU-s, solved':20}{'sandbox':>10}{'cells':>10}{'questions':>10}{'judging':>10}{'writing':>10}{'all':>10}"
    ]
    for name, one in (parts | {"all": sum_up(parts)}).items():
        lines.append(f"{name:20}" + "".join(f"{number:10.2f}" for number in (*astuple(one), one.all_s)))
    return "\n".join(lines)
