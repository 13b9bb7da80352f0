"""One student's trouble is that student's alone; what concerns everybody ends the command in one clear line."""

import errno
import json

import pytest
from sqlalchemy.exc import OperationalError

from helpers.grading.commands.grade import main as grade
from helpers.grading.course.graded_submission import GradedSubmission, hash_files
from helpers.grading.course.result_store import ResultStore
from helpers.grading.errors import GradingError
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import (
    GRADED,
    UNREADABLE,
    NotebookRecord,
    Submission,
    SubmissionRecord,
    is_graded,
    read_records,
)
from helpers.grading.whole_class import grade_class
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, write_exercise, write_submission

# A report as a check sends it, with names that no file can hold.
SURROGATES = """
display({
    "application/vnd.exercise-check.v1+json": {
        "exercise": "\\ud800", "passed": True, "failures": [{"cause": "\\ud800"}], "progress": {"\\ud800": 1},
    },
    "text/\\ud800": "\\ud800",
}, raw=True)
"""
LOCKED = OperationalError("UPDATE grade", {}, Exception("database is locked"))
DISK_FULL = OSError(errno.ENOSPC, "No space left on device")


def raise_error(error):
    def write(result, *, before):
        raise error

    return write


def write_nothing(result, *, before):
    """Write nothing."""


def make_result(fingerprint="f", student="ann"):
    record = SubmissionRecord(student, GRADED, (), (NotebookRecord("01_setup", GRADED),), fingerprint=fingerprint)
    return GradedSubmission(record, {"01_setup": "text"})


@pytest.fixture
def store(tmp_path):
    (CourseAssignment(tmp_path).kept / "pending").mkdir(parents=True)
    return ResultStore(CourseAssignment(tmp_path))


class TestStore:
    def test_what_cannot_be_written_is_a_sentence_in_a_record(self, store, tmp_path):
        record = store.keep(make_result(), raise_error(ValueError("odd\ntext \ud800")))
        assert record == store.read("ann") and record.status == UNREADABLE
        assert record.reasons == (
            "The result could not be written: ValueError: odd text ?. The next `make grade` tries again.",
        )
        assert list((CourseAssignment(tmp_path).kept / "pending").iterdir()) == [] and not is_graded(record)

    def test_the_next_run_tries_again(self, store, tmp_path):
        (tmp_path / "01_setup.ipynb").write_text("text")
        submission = Submission("ann", str(tmp_path))
        result = make_result(hash_files(tmp_path))
        store.keep(result, raise_error(KeyError("cell")))
        assert not store.is_done(submission)
        fingerprint = hash_files(tmp_path)  # records lie below the same folder here
        assert store.keep(make_result(fingerprint), write_nothing).reasons == ()

    def test_what_was_graded_before_stays(self, store):
        before = store.keep(make_result(), write_nothing)
        after = store.keep(make_result("g"), raise_error(KeyError("cell")))
        assert after.notebooks == before.notebooks and after.fingerprint == "" and len(after.reasons) == 1

    @pytest.mark.parametrize("error", [DISK_FULL, LOCKED, OSError(errno.EROFS, "Read-only file system")])
    def test_what_concerns_everybody_is_raised(self, store, error):
        with pytest.raises(type(error)):
            store.keep(make_result(), raise_error(error))
        assert store.read("ann") is None

    def test_where_no_record_can_be_written_nobody_can_have_one(self, store, tmp_path):
        store.records.write_text("a file where the folder should be")
        with pytest.raises(GradingError, match="Results could not be written"):
            store.keep(make_result(), raise_error(KeyError("cell")))

    def test_a_name_that_no_file_can_have_is_one_student_s_trouble(self, store):
        record = store.keep(make_result(student="a" * 300), write_nothing)
        assert record.status == UNREADABLE and "File name too long" in record.reasons[0]

    def test_a_damaged_pending_result_does_not_stop_the_others(self, store, tmp_path, capsys):
        for student, text in (("ann", "{"), ("ben", json.dumps({"record": {}}))):
            (CourseAssignment(tmp_path).kept / "pending" / f"{student}.json").write_text(text)
        store.finish_pending(write_nothing)
        assert sorted(read_records(store.records)) == ["ann", "ben"]
        assert capsys.readouterr().out.count("could not be written") == 2

    def test_a_record_that_cannot_be_written_again_does_not_stop_the_others(self, store):
        for student in ("ann", "ben"):
            store.keep(make_result(student=student), write_nothing)

        def write(result, *, before):
            if result.record.student == "ann":
                raise KeyError("cell")

        assert store.write_again(["ann", "ben"], write) == 1
        assert store.read("ann").fingerprint == "" and store.read("ben").fingerprint == "f"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("trouble")
    write_exercise(folder / "exercise")
    with share_server(fork_server):
        yield folder


@pytest.fixture
def run(folder, tmp_path):
    """Give a function that grades ann, ben and cleo; cleo's code sends names that cannot be written."""
    for student in ("ann", "ben", "cleo"):
        more = SURROGATES if student == "cleo" else ""
        answers = ANSWERS | {"read_labels": ANSWERS["read_labels"] + more}
        write_submission(tmp_path / "handed_in" / student, folder / "exercise", answers)
    arguments = ["--course", str(tmp_path / "course"), "--source", str(folder / "exercise"), "--workers", "1"]
    return lambda: grade([str(tmp_path / "handed_in"), *arguments])


def test_one_student_s_trouble_is_told_and_the_class_goes_on(run, tmp_path, monkeypatch, capsys):
    written = grade_class.write_result

    def write(gradebook, course, result, *, before):
        written(gradebook, course, result, before=before)
        if result.record.student == "ben":
            raise KeyError("a cell that there is not")

    with monkeypatch.context() as changed:
        changed.setattr(grade_class, "write_result", write)
        assert run() == 1
    records = read_records(CourseAssignment(tmp_path / "course").records)
    assert {student: record.status for student, record in records.items()} == {
        "ann": GRADED,
        "ben": UNREADABLE,
        "cleo": GRADED,
    }
    assert "ben: unreadable: The result could not be written: KeyError" in capsys.readouterr().out
    assert run() == 0
    assert read_records(CourseAssignment(tmp_path / "course").records)["ben"].status == GRADED


@pytest.mark.parametrize("error", [DISK_FULL, LOCKED])
def test_what_concerns_everybody_ends_the_command_in_one_line(run, tmp_path, monkeypatch, capsys, error):
    def write(gradebook, course, result, *, before):
        raise error

    monkeypatch.setattr(grade_class, "write_result", write)
    assert run() == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and ("No space left" in lines[0] or "database is locked" in lines[0])
    assert not (CourseAssignment(tmp_path / "course").records).exists()
