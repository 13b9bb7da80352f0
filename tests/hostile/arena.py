"""A grader with a working sandbox, and its surroundings, in which one attack after the other is graded."""

import contextlib
import os
import resource
import tempfile
import time
from pathlib import Path

import nbformat

from helpers.checks.class_seed import use_class_seed
from helpers.grading.answering.fork_server import ForkServer, ForkServerError, copy_helpers
from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.records import GRADED, Submission, SubmissionRecord
from helpers.grading.sandbox.settings import SandboxLimits
from helpers.grading.whole_class.grade_submission import grade_submission
from helpers.grading.whole_class.workers import Job, give_up
from tests.bench_grading.points import sum_recorded
from tests.bench_grading.processes import adopt_orphans
from tests.hostile.attacks import NOT_TAKEN_IN, Attack
from tests.hostile.exercise import ALL_POINTS, ANSWERS, NAME, fill_in, insert_cell, read_exercise, write_solution
from tests.hostile.intake import take_in
from tests.hostile.limits import limit_cells
from tests.hostile.listeners import Listeners
from tests.hostile.outcome import Outcome
from tests.hostile.surroundings import Surroundings
from tests.hostile.traces import Traces, look_at_result
from tests.hostile.weapons import make_weapons

SMALL = SandboxLimits(
    memory_mb=600, total_memory_mb=1000, processes=24, file_mb=16, scratch_mb=64, scratch_files=4_000, open_files=128
)
MAX_GROWN_MB = 300  # that one attack may add to the judging side's memory
NOTHING = SubmissionRecord("attacker", NOT_TAKEN_IN)
PLANTS = """\
import os
os.environ["NEIGHBOUR"] = {secret!r}
for folder in (".", "~", "~/.ipython/profile_default/startup", "/tmp", "/dev/shm", "/var/tmp"):
    try:
        Path(folder).expanduser().mkdir(parents=True, exist_ok=True)
        Path(folder, "left.txt").expanduser().write_text({secret!r})
    except OSError:
        pass"""


def measure_peak_mb() -> float:
    """Return the most memory that this process, the judging side, has had at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


class Arena:
    """Grades attacks with one backend, and now and then an honest neighbour's submission with the same fork server."""

    def __init__(self, backend: str, configuration: str) -> None:
        self._backend, self._configuration = backend, configuration
        self.last: GradedSubmission | None = None

    def __enter__(self) -> "Arena":
        with contextlib.ExitStack() as stack:
            self._set_up(stack)
            faults = self._grade_neighbour()
            if faults:
                raise RuntimeError(f"An honest submission is not graded as it should be: {faults}")
            self._stack = stack.pop_all()
        return self

    def _set_up(self, stack: contextlib.ExitStack) -> None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hostile-")))
        self._around = Surroundings(folder)
        self._around.plant()
        write_solution(self._around.solution, secret=self._around.tokens["hidden"])
        self._template = read_exercise(self._around.solution)
        self._write_neighbour()
        runtime = folder / "runtime" / "course"
        runtime.mkdir(parents=True)
        copy_helpers(runtime)
        adopt_orphans()
        self._server = ForkServer(runtime, backend=self._backend, limits=SMALL)
        stack.callback(self._server.close)
        self._listeners = stack.enter_context(Listeners(self._around.course, self._around.mark))

    def __exit__(self, *error) -> None:
        self._stack.close()

    def face(self, attack: Attack, *, ask_neighbour: bool = True) -> Outcome:
        """Hand an attack in, grade it, and look at everything it might have touched.

        The neighbour is graded if that is asked for, or if anything else was wrong: what it shows of an attack may be
        one of those before.
        """
        started, files, peak_mb = time.monotonic(), self._count_open_files(), measure_peak_mb()
        traces, record = Traces(self._around, self._server), NOTHING
        submission = take_in(attack, self._around, self._template) if attack.write else self._hand_in(attack)
        faults = []
        if submission:
            with limit_cells(attack.cell_s):
                result = self.last = self._grade(submission)
            record, faults = result.record, look_at_result(result, self._around)
        faults += [*traces.find(), *self._listeners.take_heard()]
        if ask_neighbour or faults:
            faults += [f"it or one before it hurt the neighbour: {fault}" for fault in self._grade_neighbour()]
        faults += ["kept files open"] if self._count_open_files() > files else []
        grown_mb = measure_peak_mb() - peak_mb
        faults += [f"took {grown_mb:.0f} MB of the grader's memory"] if grown_mb > MAX_GROWN_MB else []
        self._around.remove_submissions()
        return self._describe(attack, record, faults, seconds=time.monotonic() - started)

    def _count_open_files(self) -> int:
        with self._listeners.knocking:
            return len(os.listdir("/proc/self/fd"))

    def _describe(self, attack: Attack, record: SubmissionRecord, faults: list[str], *, seconds: float) -> Outcome:
        details = (record.status, sum_recorded(record), tuple(faults), record.reasons, round(seconds, 2))
        return Outcome(self._configuration, attack, *details)

    def _grade(self, submission: Submission) -> GradedSubmission:
        try:
            with use_class_seed(self._around.tokens["class_seed"]):
                return grade_submission(submission, {NAME: self._template}, self._server)
        except ForkServerError as error:
            return give_up(Job(submission), str(error))

    def _hand_in(self, attack: Attack) -> Submission:
        folder = self._around.hand_in("attacker")
        notebook = fill_in(self._template, ANSWERS | dict(attack.answers))
        insert_cell(notebook, make_weapons(self._around, self._listeners, self._server))
        insert_cell(notebook, attack.cell)
        if attack.end:
            insert_cell(notebook, attack.end, at_end=True)
        (folder / f"{self._around.mark}.txt").write_text("every copy of the submission has it", encoding="utf-8")
        nbformat.write(notebook, folder / f"{NAME}.ipynb")
        return Submission("attacker", str(folder))

    def _write_neighbour(self) -> None:
        notebook = fill_in(self._template)
        insert_cell(notebook, PLANTS.format(secret=self._around.tokens["neighbour"]))
        nbformat.write(notebook, self._around.hand_in("neighbour") / f"{NAME}.ipynb")

    def _grade_neighbour(self) -> list[str]:
        """Grade the honest submission; return what is wrong with its result."""
        result = self._grade(Submission("neighbour", str(self._around.hand_in("neighbour"))))
        record, text = result.record, result.notebooks.get(NAME, "")
        faults = [] if record.status == GRADED else [f"is {record.status} ({' '.join(record.reasons)})"]
        points = sum_recorded(record)
        faults += [] if points == ALL_POINTS else [f"has {points:g} points"]
        return faults + ["it shows the attack's mark"] * (self._around.mark in text or self._around.worked in text)
