"""One run of the grader over a class of any size, with its memory over time."""

import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import SubmissionRecord, read_records
from tests.bench_grading.class_of import write_class_of
from tests.bench_grading.memory import Memory
from tests.bench_grading.processes import Usage, run_measured
from tests.bench_grading.sides import SideFailed, make_environment


@dataclass(frozen=True)
class Sample:
    """Resident memory in MB some time into a run: of the grader itself, of its workers, of their fork servers."""

    students: int
    after_s: float
    graded: int
    grader_mb: float
    workers_mb: float
    servers_mb: float
    all_pss_mb: float


@dataclass(frozen=True)
class Phases:
    """Seconds of a run: to the first record, from there to the last one, for feedback pages, for exports and report."""

    start_up_s: float
    grading_s: float
    feedback_s: float
    end_s: float


@dataclass(frozen=True)
class LargeRun:
    """What grading a class of a size took, and what came out."""

    students: int
    usage: Usage
    phases: Phases
    samples: list[Sample]
    records: dict[str, SubmissionRecord]

    @property
    def median_cpu_s(self) -> float:
        """The median over the submissions of the CPU-seconds of the code that was run."""
        graded = [record for record in self.records.values() if record.notebooks]
        return median(sum(notebook.cpu_s for notebook in record.notebooks) for record in graded)

    def find_peak_mb(self, who: str) -> float:
        """Return the largest of the samples of "grader_mb", "workers_mb" or "servers_mb"."""
        return max((getattr(sample, who) for sample in self.samples), default=0.0)


def grade_class_of(students: int, folder: Path, *, notebooks: Sequence[str], arguments: Sequence[str]) -> LargeRun:
    """Generate and grade a class of this size below `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    submissions, roster = write_class_of(students, folder, notebooks=notebooks)
    course, samples, started = folder / "course", [], time.monotonic()

    def watch(root: int, memory: dict[int, Memory]) -> None:
        graded = len(list(CourseAssignment(course).records.glob("*.json")))
        samples.append(_make_sample(root, memory, students, time.monotonic() - started, graded))

    command = [sys.executable, "-m", "helpers.grading.commands.grade", str(submissions), "--roster", str(roster)]
    command += ["--course", str(course), *arguments]
    began = time.time()
    log = folder / "large.log"
    usage = run_measured(command, folder=folder, log=log, environment=make_environment(), watch=watch)
    if usage.status not in (0, 1):
        raise SideFailed(f"The run ended with {usage.status}; its output is in {log}.")
    phases = find_phases(course, began, began + usage.wall_s)
    return LargeRun(students, usage, phases, samples, read_records(CourseAssignment(course).records))


def find_phases(course: Path, began: float, ended: float) -> Phases:
    """Tell from the times of the files that a run wrote what it was at, when. Times are seconds of the clock."""
    records = [path.stat().st_mtime for path in CourseAssignment(course).records.glob("*.json")]
    first, last = min(records), max(records)
    pages = max((path.stat().st_mtime for path in (course / "feedback").glob("*.zip")), default=last)
    return Phases(first - began, last - first, pages - last, ended - pages)


def _make_sample(root: int, memory: dict[int, Memory], students: int, after_s: float, graded: int) -> Sample:
    sums = Counter()
    for pid, of_process in memory.items():
        sums[_find_role(pid, root)] += of_process.rss_mb
    pss_mb = sum(of_process.pss_mb for of_process in memory.values())
    numbers = [round(sums[role], 1) for role in ("grader", "worker", "server")]
    return Sample(students, round(after_s, 1), graded, *numbers, round(pss_mb, 1))


def _find_role(pid: int, root: int) -> str:
    if pid == root:
        return "grader"
    try:
        process = psutil.Process(pid)
        parent, command = process.parent(), " ".join(process.cmdline())
        above = " ".join(parent.cmdline()) if parent else ""
    except psutil.Error:
        return "gone"
    if "spawn_main" in command:
        return "worker"  # or the process that judges, from which workers are forked and keep its name
    is_server = "kernels.server" in command and "spawn_main" in above
    return "server" if is_server else "notebook"  # which keeps the name of the server that forked it
