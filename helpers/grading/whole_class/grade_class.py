"""From what was handed in to the gradebook, for a whole class; goes on where a killed run stopped."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from tqdm import tqdm

from helpers.exercises import EXERCISE_BY_ID
from helpers.folder_lock import hold_folder
from helpers.grading.answering.fork_server import copy_helpers
from helpers.grading.course.class_seed import find_file, name_seed, take_up_seed
from helpers.grading.course.earlier_layout import move_earlier
from helpers.grading.course.graded_submission import GradedSubmission, describe_record, record_gone, record_nothing
from helpers.grading.course.handed_out import add_versions, find_folder, keep_versions
from helpers.grading.course.result_store import ResultStore
from helpers.grading.course.settings import keep_extra
from helpers.grading.errors import GradingError
from helpers.grading.gradebook.lateness import list_clocks
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.penalties import assign_penalties
from helpers.grading.gradebook.points import sum_points
from helpers.grading.gradebook.points_text import describe_points
from helpers.grading.gradebook.read import read_student
from helpers.grading.gradebook.write import prepare_gradebook, write_result, write_students
from helpers.grading.intake.kept import Intake, is_there
from helpers.grading.intake.remarks import explain_gone
from helpers.grading.notebooks.assignment import list_taken_in
from helpers.grading.records import SubmissionRecord, read_records
from helpers.grading.sandbox.choose import choose_backend
from helpers.grading.whole_class.options import Options, check_options
from helpers.grading.whole_class.prepared_process import grade_apart
from helpers.grading.whole_class.take_in import take_in_class
from helpers.grading.whole_class.what_to_grade import (
    AgainLog,
    VersionFile,
    list_jobs,
    list_remarks,
    measure_notebooks,
    name_version,
)
from helpers.grading.whole_class.workers import GradingSettings


@dataclass(frozen=True)
class GradedClass:
    """The class after a run: intake, and every student's record."""

    intake: Intake
    records: dict[str, SubmissionRecord]


def grade_class(options: Options) -> GradedClass:
    """Take in, grade what has not been graded yet, and write it all down."""
    folder = options.course / "grading"
    if folder.exists():
        with _alone(folder):
            move_earlier(options.course)
    check_options(options)
    backend = options.backend if options.backend == "none" else choose_backend(options.backend)
    print(_describe_sandbox(backend), flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), _make_runtime(folder) as runtime:
        options.place.kept.mkdir(exist_ok=True)
        intake = take_in_class(options)
        keep_extra(options.course, options.extra)
        versions = _take_up_exercise(options)
        store = ResultStore(options.place)
        with open_gradebook(options.course) as gradebook:
            write_students(gradebook, intake.students)
            write = partial(write_result, gradebook, options.place)
            store.finish_pending(write)
            settings = _make_settings(options, runtime, backend, class_seed=_take_up_seed(options, intake, store))
            _write_missing(gradebook, intake, store, write)
            kept = _grade_new(options, intake, store, settings, gradebook, versions)
            students = [submission.student for submission in intake.submissions]
            found = {student: kept.get(student) or store.read(student) for student in students}
            records = {student: record for student, record in found.items() if record}
            penalties = assign_penalties(gradebook, options.place, due=options.due, zone=intake.zone)
            for remark in (*penalties.remarks, *list_clocks(gradebook, options.assignment, records)):
                print(remark)
    return GradedClass(intake, records)


def _take_up_exercise(options: Options) -> dict[str, str]:
    """Put the exercise into the gradebook, keep what students get of it, and name each notebook's version."""
    templates = prepare_gradebook(options.place, source=options.source / "solutions")
    keep_versions(find_folder(options.place), templates)
    add_versions(templates, find_folder(options.place))  # each worker does this: what cannot be read is told here
    return {name: template.sha256 for name, template in templates.items()}


def _take_up_seed(options: Options, intake: Intake, store: ResultStore) -> str:
    """Return the seed of this class; of the assignment, only those count who can be graded again."""
    students = [submission.student for submission in intake.submissions if submission.folder is not None]
    records = [record for record in map(store.read, students) if record]
    if not find_file(options.course).exists():  # lost, if another assignment was graded with one
        records += [one for other in list_taken_in(options.course) for one in read_records(other.records).values()]
    return take_up_seed(options.course, records, again=options.again)


def _write_missing(gradebook: Gradebook, intake: Intake, store: ResultStore, write) -> None:
    """Write the records of whom the gradebook holds nothing, as when it has been deleted or replaced."""
    held = {submission.student.id for submission in gradebook.assignment_submissions(store.assignment.name)}
    written = store.write_again([student.id for student in intake.students if student.id not in held], write)
    if written:
        print(f"Written into the gradebook again: {written} students graded earlier. Grades given by hand are lost.")


def _make_settings(options: Options, runtime: Path, backend: str, *, class_seed: str) -> GradingSettings:
    workers = {"workers": options.workers} if options.workers else {}
    solutions = options.source / "solutions" / options.assignment
    options_of_all: dict[str, Any] = {
        "every_cell": options.every_cell,
        "handed_out": find_folder(options.place),
        **workers,
    }
    return GradingSettings(runtime, backend, solutions, class_seed=class_seed, **options_of_all)


def _describe_sandbox(backend: str) -> str:
    if backend == "none":
        return "NO SANDBOX: submitted code runs as you, with your files and your network."
    return f"Sandbox: {backend}. Everything that must fail in it was tried, and failed."


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with hold_folder(folder) as held:
        if not held:
            raise GradingError(f"Another `make grade` is at work in {folder}. Wait for it, or end it, then try again.")
        yield


@contextlib.contextmanager
def _make_runtime(folder: Path) -> Iterator[Path]:
    """Give a fresh folder with what submitted code may import; what a killed run left is removed first."""
    work = folder / ".runtime"
    shutil.rmtree(work, ignore_errors=True)
    runtime = work / "course"
    runtime.mkdir(parents=True)
    copy_helpers(runtime)
    tempfile.tempdir = tempfile.mkdtemp(dir=work)  # with what nbgrader leaves there when it is killed
    try:
        yield runtime
    finally:
        tempfile.tempdir = None
        shutil.rmtree(work, ignore_errors=True)


def _keep_missing(intake: Intake, store: ResultStore, write) -> dict[str, SubmissionRecord]:
    """Keep records of those who handed in nothing that can be graded, and return them."""
    nothing = [record_nothing(submission) for submission in intake.submissions if submission.folder is None]
    nothing += [
        record_gone(one) for one in intake.submissions if one.folder and not is_there(one) and not store.has_points(one)
    ]
    return {record.student: store.keep(GradedSubmission(record, {}), write) for record in nothing}


def _describe(record: SubmissionRecord, gradebook: Gradebook) -> str:
    """Return a line on a submission that has just been graded; late penalties come when all are."""
    if not record.fingerprint:  # nothing was written
        return describe_record(record)
    points = sum_points(read_student(gradebook, record.assignment, record.student)).without_penalty()
    return describe_record(record, describe_points(points))


def _grade_new(
    options: Options,
    intake: Intake,
    store: ResultStore,
    settings: GradingSettings,
    gradebook: Gradebook,
    versions: dict[str, str],
) -> dict[str, SubmissionRecord]:
    """Grade what has to be graded, and return the records that were kept."""
    write = partial(write_result, gradebook, options.place)
    kept = _keep_missing(intake, store, write)
    for sentence in explain_gone(intake):
        print(sentence)
    log = None
    if options.again:
        graded_with = versions | {"class seed": name_seed(settings.class_seed)}
        log = AgainLog(options.place, options.again, version=name_version(graded_with, settings.runtime))
    jobs = list_jobs(intake.submissions, store, again=options.again, already=log.read() if log else ())
    jobs.sort(key=lambda job: measure_notebooks(job.submission), reverse=True)  # no long one is left for the end
    done = sum(submission.folder is not None for submission in intake.submissions) - len(jobs)
    waiting = {job.submission.student for job in jobs if not job.only}
    for submission in intake.submissions:
        if submission.folder and submission.student not in waiting:
            store.update(submission, write)
    print(f"Grading {len(jobs)} submissions, {settings.workers} at a time; {done} are graded already.", flush=True)
    version_file = VersionFile(options.place, versions)
    stale = version_file.list_stale()
    for remark in list_remarks(options.place, stale if done else [], again=options.again):
        print(remark, flush=True)
    from_kept = 0
    with contextlib.closing(grade_apart(jobs, settings)) as results:
        progress = tqdm(results, total=len(jobs), unit="submission", disable=not jobs, file=sys.stdout)
        for job, result in progress:
            record = store.keep(result, write, exercise=options.again if job.only else "")
            kept[record.student] = record
            from_kept += result.from_kept
            if log and record.fingerprint:
                log.note(job.submission.student)
            progress.write(f"  {job.submission.student}: {_describe(record, gradebook)}", file=sys.stdout)
    if from_kept:
        print(f"{from_kept} of them were judged by what their answers gave before; no answer was run for that.")
    if log or not done:
        exercise = EXERCISE_BY_ID.get(options.again)
        version_file.write(only=exercise.notebook if exercise else "")
    if log:
        log.close()
    return kept
