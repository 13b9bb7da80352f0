"""What is to be graded: what is new or changed, and what is asked for again."""

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from helpers.exercises import EXERCISE_BY_ID
from helpers.grading.course.result_store import ResultStore
from helpers.grading.intake.kept import is_there
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Submission, write_json
from helpers.grading.whole_class.workers import Job


def list_jobs(
    submissions: Iterable[Submission], store: ResultStore, *, again: str = "", already: Collection[str] = ()
) -> list[Job]:
    """Return what is new or changed; with `again` also the exercise's notebook, or `all`, of everybody else.

    Those in `already` have been graded again, by a run that was ended early. Whose files are not there any more has no
    job.
    """
    only = (EXERCISE_BY_ID[again].notebook,) if again in EXERCISE_BY_ID else ()
    jobs = []
    for submission in submissions:
        if not is_there(submission):
            continue
        if not store.is_done(submission):
            jobs.append(Job(submission))
        elif again and submission.student not in already:
            jobs.append(Job(submission, only, again if only else "", store.assignment))
    return jobs


def measure_notebooks(submission: Submission) -> int:
    """Return the bytes of a submission's notebooks: the more a student has written, the longer it tends to run."""
    return sum(path.stat().st_size for path in submission.path.glob("*.ipynb"))


class AgainLog:
    """Whom a run with AGAIN has graded already, kept until it has come to its end: a line for each student.

    `version` names the checks that it grades with. A log of other checks counts for nothing.
    """

    def __init__(self, assignment: CourseAssignment, again: str, *, version: str) -> None:
        self._path, self._version = assignment.kept / f"again-{again}.txt", version

    def read(self) -> set[str]:
        """Return the students whom an earlier run has graded, none if it came to its end; start the log if need be."""
        with contextlib.suppress(FileNotFoundError):
            first, *students = self._path.read_text(encoding="utf-8").split("\n")[:-1]  # the last may be cut off
            if first == self._version:
                return set(students)
        self._path.write_text(f"{self._version}\n", encoding="utf-8")
        return set()

    def note(self, student: str) -> None:
        """Note that a student's result has been written."""
        with self._path.open("a", encoding="utf-8") as log:
            log.write(f"{student}\n")

    def close(self) -> None:
        """Forget it: the run has come to its end."""
        self._path.unlink(missing_ok=True)


def list_remarks(assignment: CourseAssignment, stale: Sequence[str], *, again: str) -> list[str]:
    """Return what to tell about notebooks that have changed, and about runs with AGAIN that were ended early."""
    remarks = []
    if stale and not again:
        names = ", ".join(stale)
        remarks += [f"The notebooks {names} have changed since. AGAIN=<exercise> or AGAIN=all grades them again."]
    for path in sorted(assignment.kept.glob("again-*.txt")):
        name = path.stem.removeprefix("again-")
        if name != again:
            remarks += [f"AGAIN={name} was ended before everybody was graded again. Give it once more, and it goes on."]
    return remarks


def name_version(notebooks: Mapping[str, str], runtime: Path) -> str:
    """Return one name for the notebooks' versions and all modules that students' code may import."""
    digest = hashlib.sha256(json.dumps(notebooks, sort_keys=True).encode())
    for path in sorted(runtime.rglob("*.py")):
        digest.update(f"{path.relative_to(runtime)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


class VersionFile:
    """Which versions of the notebooks the class was graded with, in its exercise.json."""

    def __init__(self, assignment: CourseAssignment, versions: Mapping[str, str]) -> None:
        self._path, self._now = assignment.kept / "exercise.json", dict(versions)

    def list_stale(self) -> list[str]:
        """Return the notebooks that have changed since; start the file if there is none."""
        if not self._path.exists():
            self.write()
        before = json.loads(self._path.read_text(encoding="utf-8"))
        return [name for name, version in self._now.items() if before.get(name) != version]

    def write(self, *, only: str = "") -> None:
        """Write down that everybody has been graded with these versions, or with that of one notebook."""
        before = json.loads(self._path.read_text(encoding="utf-8")) if only else {}
        write_json(self._path, before | {only: self._now[only]} if only else self._now)
