"""Taking in a class: every way it is handed over, and what a second run leaves alone."""

import errno
import io
import os
import tarfile
import time
from pathlib import Path

import nbformat
import pytest

from helpers.grading.files.items import IntakeError
from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import Intake, read_intake
from helpers.grading.intake.lists import Lists
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.claims import read_claim
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import GRADED, Submission, SubmissionRecord, read_records, write_record
from tests.support.handed_in import (
    NAMES,
    TIME,
    add_answer,
    list_files,
    pack_tar,
    pack_zip,
    read_released,
    write_files,
)

OLD = (1999, 1, 1, 0, 0, 0)
CAME_S, CAME = 1_800_000_000, "2027-01-15T08:00:00+00:00"
THREE, FOUR = (f"{name}.ipynb" for name in NAMES)
CANVAS_ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    '"Doe, Jane",101,S1,jdoe,A\n"Roe, Max",102,S2,mroe,A\n"Poe, Ann",103,S3,apoe,A\n'
)
MOODLE_ROSTER = (
    "Identifier,Full name,Email address,Status,Grade,Last modified (submission),Last modified (grade)\n"
    'Participant 555,Jane Doe,jdoe@uni.example,Submitted,,"Friday, 4 September 2026, 10:36 PM",-\n'
    "Participant 556,Max Roe,mroe@uni.example,Submitted,,-,-\n"
    "Participant 557,Ann Poe,apoe@uni.example,No submission,,-,-\n"
)


@pytest.fixture(scope="module")
def four() -> bytes:
    return read_released("04_inference", add_answer("mine"))


@pytest.fixture
def run(tmp_path, release):
    """Return a function that takes in files (or the file or folder at a path) and gives the intake."""

    def run(files: dict[str, bytes] | Path, *, roster: str | None = None, **lists) -> Intake:
        path = files if isinstance(files, Path) else write_files(tmp_path / "class", files)
        if roster is not None:
            (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
        table = tmp_path / "roster.csv" if roster is not None else None
        return collect(path, CourseAssignment(tmp_path / "course"), Lists(roster=table, **lists), release=release)

    return run


def get(intake: Intake, student: str) -> Submission:
    return next(submission for submission in intake.submissions if submission.student == student)


def read_last_cell(submission: Submission, name: str = "04_inference") -> str:
    return nbformat.read(Path(submission.folder) / f"{name}.ipynb", as_version=4).cells[-1].source


class TestClaims:
    @pytest.mark.parametrize(
        ("name", "claim"),
        [
            ("doejane_101_201_04.ipynb", Claim("doejane", "canvas", "101", False, 201, 0, "04.ipynb")),
            ("doejane_LATE_101_201_04-2.ipynb", Claim("doejane", "canvas", "101", True, 201, 2, "04.ipynb")),
            ("de_la_cruz_101_201_a_1_2.zip", Claim("de_la_cruz", "canvas", "101", False, 201, 0, "a_1_2.zip")),
            ("müller_101_201_work-1.tar.gz", Claim("müller", "canvas", "101", False, 201, 1, "work.tar.gz")),
            ("anon_x_anon_f00_201_04.ipynb", Claim("anon_x", "canvas", "anon_f00", False, 201, 0, "04.ipynb")),
            ("doejane_101_text.html", Claim("doejane", "canvas", "101", False, 0, 0, "text.html")),
            ("Jane Doe_555_assignsubmission_file_04.ipynb", Claim("Jane Doe", "moodle", "555", original="04.ipynb")),
            ("jdoe.tar.gz", Claim("jdoe", original="jdoe.tar.gz")),
            ("04_inference.ipynb", Claim("04_inference.ipynb", original="04_inference.ipynb")),
        ],
    )
    def test_files(self, name, claim):
        assert read_claim(name, is_folder=False) == claim

    @pytest.mark.parametrize("name", ["Jane Doe_555_assignsubmission_file", "Jane Doe_555_assignsubmission_file_"])
    def test_folders_of_moodle(self, name):
        assert read_claim(name, is_folder=True) == Claim("Jane Doe", "moodle", "555")

    def test_a_folder_is_never_a_file_of_canvas(self):
        assert read_claim("doejane_101_201_04", is_folder=True) == Claim("doejane_101_201_04")


class TestFolders:
    def test_mixtures(self, run, four):
        intake = run(
            {
                f"ann/{FOUR}": four,
                f"ben/exercise_01/{FOUR}": four,
                "cem.zip": pack_zip({FOUR: four}),
                "dan.tar.gz": pack_tar({f"exercise_01/{FOUR}": four}),
                "eda/homework.zip": pack_zip({f"my work/{FOUR}": four}),
                f"fay/a/b/{FOUR}": four,
            }
        )
        assert [submission.student for submission in intake.submissions] == ["ann", "ben", "cem", "dan", "eda", "fay"]
        for submission in intake.submissions:
            assert list_files(Path(submission.folder)) == {FOUR}
            assert list(submission.notebooks) == ["04_inference"]
            assert submission.problems == ()
        assert get(intake, "eda").notebooks == {"04_inference": f"homework.zip: my work/{FOUR}"}
        assert intake.unknown == ()

    def test_copies_lie_where_nbgrader_looks_for_them(self, run, tmp_path, four):
        submission = get(run({f"ann/{FOUR}": four}), "ann")
        assert Path(submission.folder) == tmp_path / "course" / "submitted" / "ann" / "exercise_01"

    def test_files_beside_the_notebooks_are_kept_others_are_not(self, run, four):
        files = {
            f"ann/kit/notebooks/{FOUR}": four,
            "ann/kit/notebooks/photos/cat.png": b"cat",
            "ann/kit/notebooks/own.py": b"x = 1",
            "ann/kit/notebooks/.progress.json": b"{}",
            "ann/kit/helpers/models/loading.py": b"evil",
            "ann/kit/notebooks/timestamp.txt": b"1999-01-01",
        }
        submission = get(run(files), "ann")
        assert list_files(Path(submission.folder)) == {FOUR, "photos/cat.png", "own.py"}

    def test_notebooks_that_are_not_of_the_exercise_are_left_out_by_name(self, run, four):
        other = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'
        submission = get(run({f"ann/{FOUR}": four, "ann/scratch.ipynb": other}), "ann")
        assert submission.problems == ("scratch.ipynb is none of the exercise's notebooks and was left out.",)
        assert list_files(Path(submission.folder)) == {FOUR}

    def test_nothing_usable_is_unreadable_and_nothing_at_all_is_missing(self, run, tmp_path, four):
        (tmp_path / "class" / "nobody").mkdir(parents=True)
        intake = run({"ann/cat.png": b"x", "ben/04_inference.ipynb": b"", "cem/x.txt": b"x", f"dan/{FOUR}": four})
        assert get(intake, "nobody") == Submission("nobody")
        assert get(intake, "ann").problems == (
            "What was handed in (1 file) holds no notebook: ask for the .ipynb files.",
        )
        assert get(intake, "ben").problems == ("04_inference.ipynb is empty (0 bytes): ask for it again.",)
        assert not (tmp_path / "course" / "submitted" / "ann").exists()

    def test_loose_files_are_nobodys(self, run, four):
        intake = run({f"ann/{FOUR}": four, FOUR: four, "roster.csv": b"x"})
        assert intake.unknown == (f"{FOUR}: lies in no student's folder, so nobody knows whose it is.",)

    def test_a_folder_that_is_a_link_is_refused(self, run, tmp_path, four):
        write_files(tmp_path / "class", {f"ann/{FOUR}": four})
        (tmp_path / "class" / "eve").symlink_to(tmp_path / "class" / "ann")
        intake = run({})
        assert [submission.student for submission in intake.submissions] == ["ann"]
        assert intake.unknown == ("eve is a link and was left out: hand in the file itself.",)

    def test_two_names_that_give_one_id(self, run, four):
        intake = run({f"a;b/{FOUR}": four, f"a_b/{FOUR}": four, "---/x": b"x"})
        assert [submission.student for submission in intake.submissions] == ["a_b"]
        assert [sentence.split(":")[0] for sentence in intake.unknown] == ["---", "a_b"]

    def test_a_disk_that_is_full(self, run, four, monkeypatch):
        def refuse(*args):
            raise OSError(errno.ENOSPC, "No space left on device", "/course/x")

        monkeypatch.setattr(os, "replace", refuse)
        with pytest.raises(IntakeError, match=r"stopped at /course/x \(No space left on device\)"):
            run({f"ann/{FOUR}": four})

    def test_nobodys_work(self, run):
        with pytest.raises(IntakeError, match="No student's work is in"):
            run({"notes.txt": b"x"})


class TestLongIds:
    LONG = "\U00020000" * 62

    @pytest.mark.parametrize("source", ["folder", "folder in a zip", "archive", "moodle", "roster"])
    def test_files_can_be_named_after_every_student(self, run, tmp_path, four, source):
        names = [self.LONG + ending for ending in "ab"]
        ending = {"archive": ".zip", "moodle": "_555_assignsubmission_file"}.get(source, "")
        names = [name[5:] if source == "moodle" else name for name in names]  # a folder's name has at most 255 bytes
        roster = "".join(["id,email\n", *(f"{name},a@x\n" for name in names)]) if source == "roster" else None
        files = {f"{name}{ending}/{FOUR}": four for name in names}
        if source == "archive":
            files = {f"{name}.zip": pack_zip({FOUR: four}) for name in names}
        if source == "folder in a zip":
            (tmp_path / "class.zip").write_bytes(pack_zip(files))
        intake = run(tmp_path / "class.zip" if source == "folder in a zip" else files, roster=roster)
        assert len({submission.student for submission in intake.submissions}) == 2
        for submission in intake.submissions:
            assert list_files(Path(submission.folder)) == {FOUR}
            write_record(tmp_path / "records", SubmissionRecord(submission.student, GRADED))
            (tmp_path / f".{submission.student}.zip").write_bytes(b"")
        assert set(read_records(tmp_path / "records")) == {student.id for student in intake.students}
        assert intake.unknown == ()

    def test_a_cell_of_a_thousand_letters(self, run, four):
        intake = run({f"ann/{FOUR}": four}, roster=f"id,email\nann,a@x\n{self.LONG * 20},b@x\n")
        assert [submission.folder is None for submission in intake.submissions] == [False, True]


class TestVersions:
    def test_a_renamed_notebook_is_found_by_its_content(self, run, four):
        submission = get(run({"ann/Copy of 03_preprocessing (2).ipynb": four}), "ann")
        assert submission.notebooks == {"04_inference": "Copy of 03_preprocessing (2).ipynb"}
        assert read_last_cell(submission) == "mine"

    def test_names_that_were_swapped(self, run, four):
        submission = get(run({f"ann/{THREE}": four, f"ann/{FOUR}": read_released("03_preprocessing")}), "ann")
        assert submission.notebooks == {"03_preprocessing": FOUR, "04_inference": THREE}
        assert read_last_cell(submission) == "mine"

    def test_the_newest_in_a_folder(self, run, tmp_path, four):
        newer = read_released("04_inference", add_answer("newer"))
        write_files(tmp_path / "class" / "ann", {FOUR: four, "untitled.ipynb": newer})
        os.utime(tmp_path / "class" / "ann" / FOUR, (1_000, 1_000))
        submission = get(run({}), "ann")
        assert read_last_cell(submission) == "newer"
        assert submission.problems == (
            "2 versions of 04_inference were handed in: the newest was taken, untitled.ipynb.",
        )

    def test_the_newest_in_a_zip(self, run, four):
        newer = read_released("04_inference", add_answer("newer"))
        data = pack_zip({f"new/{FOUR}": newer, f"old/{FOUR}": four}, times={f"new/{FOUR}": (2026, 3, 2, 0, 0, 0)})
        assert read_last_cell(get(run({"ann.zip": data}), "ann")) == "newer"

    def test_copies_are_no_versions(self, run, four):
        submission = get(run({f"ann/{FOUR}": four, f"ann/backup/{FOUR}": four}), "ann")
        assert submission.problems == ()

    def test_a_broken_newest_leaves_the_older(self, run, four):
        submission = get(run({f"ann/old/{FOUR}": four, f"ann/{FOUR}": b"{"}), "ann")
        assert read_last_cell(submission) == "mine"
        assert submission.problems[0].startswith(f"{FOUR} is not valid JSON")


class TestCanvas:
    @pytest.fixture
    def files(self, four):
        newer = read_released("04_inference", add_answer("second attempt"))
        return {
            f"doejane_101_201_{FOUR}": four,
            "doejane_101_202_04_inference-1.ipynb": newer,
            "doejane_101_203_cat.png": b"cat",
            "roemax_LATE_102_301_homework.zip": pack_zip({f"exercise_01/{FOUR}": four}),
            f"gonegary_999_401_{FOUR}": four,
        }

    @pytest.mark.parametrize("form", ["folder", "zip", "tar.gz", "zip with a folder"])
    def test_with_a_roster(self, run, tmp_path, files, form):
        if form == "folder":
            intake = run(files, roster=CANVAS_ROSTER)
        else:
            above = "submissions/" if "folder" in form else ""
            pack = pack_tar if form == "tar.gz" else pack_zip
            path = tmp_path / ("class.tar.gz" if form == "tar.gz" else "class.zip")
            path.write_bytes(pack({above + name: data for name, data in files.items()}))
            intake = run(path, roster=CANVAS_ROSTER)
        jane, max_, ann = (get(intake, student) for student in ("jdoe", "mroe", "apoe"))
        assert read_last_cell(jane) == "second attempt"
        assert jane.problems == (
            "2 versions of 04_inference were handed in: the newest was taken, doejane_101_202_04_inference-1.ipynb.",
        )
        assert list_files(Path(jane.folder)) == {FOUR, "cat.png"}
        assert max_.problems == ("Canvas marks it as late, but does not say when it came: look there.",)
        assert ann == Submission("apoe")
        assert intake.unknown == (f"gonegary_999_401_{FOUR}: handed in, but not on the roster.",)

    def test_the_attempt_counts_where_the_upload_does_not(self, run, four):
        newer = read_released("04_inference", add_answer("third"))
        files = {"doejane_101_9_04_inference-2.ipynb": newer, "doejane_101_9_04_inference-1.ipynb": four}
        assert read_last_cell(get(run(files, roster=CANVAS_ROSTER), "jdoe")) == "third"

    def test_times_are_those_of_the_download_so_there_is_none(self, run, files):
        assert get(run(files, roster=CANVAS_ROSTER), "jdoe").timestamp is None

    def test_without_a_roster_students_keep_their_numbers(self, run, files):
        intake = run(files)
        assert [student.id for student in intake.students] == ["doejane_101", "gonegary_999", "roemax_102"]
        assert intake.students[0].row == {"Student": "doejane", "ID": "101"}

    def test_a_text_instead_of_a_file(self, run, four):
        files = {"doejane_101_text.html": b"<p>done", f"roemax_102_301_{FOUR}": four}
        intake = run(files, roster=CANVAS_ROSTER)
        assert get(intake, "jdoe").problems[0].startswith("What was handed in (1 file) holds no notebook")


class TestMoodle:
    @pytest.mark.parametrize("ending", ["", "_"])
    @pytest.mark.parametrize("packed", [True, False])
    def test_folders(self, run, tmp_path, four, ending, packed):
        files = {
            f"Jane Doe_555_assignsubmission_file{ending}/{FOUR}": four,
            f"Jane Doe_555_assignsubmission_file{ending}/photos/cat.png": b"cat",
            f"Jane Doe_555_assignsubmission_onlinetext{ending}/onlinetext.html": b"<p>",
            f"Max Roe_556_assignsubmission_file{ending}/work.zip": pack_zip({FOUR: four}),
            f"Gary Gone_999_assignsubmission_file{ending}/{FOUR}": four,
        }
        if packed:
            (tmp_path / "class.zip").write_bytes(pack_zip(files))
        intake = run(tmp_path / "class.zip" if packed else files, roster=MOODLE_ROSTER)
        jane, max_, ann = (get(intake, f"{name}@uni.example") for name in ("jdoe", "mroe", "apoe"))
        assert list_files(Path(jane.folder)) == {FOUR, "photos/cat.png", "onlinetext.html"}
        assert list_files(Path(max_.folder)) == {FOUR}
        assert ann == Submission("apoe@uni.example")
        assert intake.unknown == (f"Gary Gone_999_assignsubmission_file{ending}: handed in, but not on the roster.",)

    def test_files_without_folders(self, run, four):
        files = {
            f"Jane Doe_555_assignsubmission_file_{FOUR}": four,
            "Jane Doe_555_assignsubmission_file_cat.png": b"cat",
        }
        submission = get(run(files, roster=MOODLE_ROSTER), "jdoe@uni.example")
        assert list_files(Path(submission.folder)) == {FOUR, "cat.png"}

    def test_the_time_stands_in_the_worksheet(self, run, four, monkeypatch):
        monkeypatch.setenv("TZ", "Asia/Tokyo")  # the machine's zone is not that of Moodle
        time.tzset()
        files = {f"{name}_assignsubmission_file/{FOUR}": four for name in ("Jane Doe_555", "Max Roe_556")}
        intake = run(files, roster=MOODLE_ROSTER, zone="Europe/Berlin")
        monkeypatch.undo()
        time.tzset()
        assert get(intake, "jdoe@uni.example").timestamp == "2026-09-04T20:36:00+00:00"
        assert get(intake, "mroe@uni.example").timestamp is None

    def test_without_a_roster_students_keep_their_numbers(self, run, four):
        (student,) = run({f"Jane Doe_555_assignsubmission_file/{FOUR}": four}).students
        assert (student.id, student.last_name) == ("Jane Doe_555", "Doe")
        assert student.row == {"Identifier": "Participant 555", "Full name": "Jane Doe"}


class TestTimes:
    def test_nbgraders_own_timestamp(self, run, four):
        files = {
            f"ann/exercise_01/{FOUR}": four,
            "ann/exercise_01/timestamp.txt": b"2026-03-01 13:00:00.5 Europe/Berlin",
        }
        submission = get(run(files | {"ann/exercise_02/timestamp.txt": b"1999", f"ann/exercise_02/{FOUR}": b""}), "ann")
        assert submission.timestamp == "2026-03-01T12:00:00+00:00"
        assert submission.problems == ()
        text = (Path(submission.folder) / "timestamp.txt").read_text()
        assert text == "2026-03-01T12:00:00+00:00\n"

    @pytest.mark.parametrize("text", [b"", b"soon", b"\xff", b"9" * 900])
    def test_a_timestamp_that_is_none(self, run, four, text):
        submission = get(run({f"ann/exercise_01/{FOUR}": four, "ann/exercise_01/timestamp.txt": text}), "ann")
        assert submission.problems[0].startswith("exercise_01/timestamp.txt holds no time")
        assert submission.timestamp is not None

    @pytest.mark.parametrize("name", ["ann/exercise_01.zip", "ann/exercise_01.tgz", "ann.zip", "ann/exercise_01/a.zip"])
    @pytest.mark.parametrize("above", ["", "exercise_01/", "ann/exercise_01/"])
    def test_no_date_in_a_students_archive_is_believed(self, run, tmp_path, four, name, above):
        files = {f"{above}{FOUR}": four, f"{above}timestamp.txt": b"1999-01-01"}
        data = pack_tar(files) if name.endswith("tgz") else pack_zip(files, times=dict.fromkeys(files, OLD))
        write_files(tmp_path / "class", {name: data})
        os.utime(tmp_path / "class" / name, (CAME_S, CAME_S))
        submission = get(run({}), "ann")
        assert submission.timestamp == CAME
        assert list_files(Path(submission.folder)) == {FOUR}

    @pytest.mark.parametrize(
        "claim", ["doejane_101_201_work.zip", "Jane Doe_555_assignsubmission_file/exercise_01/w.zip"]
    )
    def test_no_date_in_an_archive_handed_in_by_way_of_a_system_is_believed(self, run, four, claim):
        files = {f"exercise_01/{FOUR}": four, "exercise_01/timestamp.txt": b"1999-01-01"}
        beside = {"Jane Doe_555_assignsubmission_file/exercise_01/timestamp.txt": b"1999-01-01"}
        intake = run({claim: pack_zip(files, times=dict.fromkeys(files, OLD))} | (beside if "/" in claim else {}))
        (submission,) = intake.submissions
        assert submission.timestamp is None
        assert list_files(Path(submission.folder)) == {FOUR}

    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    def test_a_students_archive_in_that_of_a_class_came_when_the_class_says(self, run, tmp_path, four, kind):
        inner = pack_zip({FOUR: four}, times={FOUR: OLD})
        files, path = {"ann/work.zip": inner, f"ben/{FOUR}": four}, tmp_path / f"class.{kind}"
        path.write_bytes(pack_zip(files) if kind == "zip" else pack_tar(files))
        ann, ben = run(path).submissions
        assert ann.timestamp == ben.timestamp > "2026"

    def test_a_timestamp_dates_only_what_it_lies_beside(self, run, tmp_path, four):
        newer = pack_zip({FOUR: read_released("04_inference", add_answer("late"))}, times={FOUR: (2099, 1, 1, 0, 0, 0)})
        files = {f"ann/exercise_01/{FOUR}": four, "ann/exercise_01/timestamp.txt": b"2001-01-01", "ann.zip": newer}
        write_files(tmp_path / "class", files)
        os.utime(tmp_path / "class" / "ann.zip", (CAME_S, CAME_S))
        submission = get(run({}), "ann")
        assert read_last_cell(submission) == "late"
        assert submission.timestamp == CAME

    def test_a_folder_named_timestamp_is_no_time_and_stops_nobody(self, run, four):
        files = {f"ann/{FOUR}": four, "ann/timestamp.txt/x": b"1999", "ann/Timestamp.TXT/y": b"1999"}
        intake = run(files | {f"ben/exercise_01/{FOUR}": four, "ben/exercise_01/timestamp.txt/x": b"1999"})
        assert [list_files(Path(submission.folder)) for submission in intake.submissions] == [{FOUR}] * 2
        assert min(submission.timestamp for submission in intake.submissions) > "2026"

    def test_else_the_newest_of_the_files_taken(self, run, tmp_path, four):
        write_files(tmp_path / "class" / "ann", {FOUR: four, THREE: read_released("03_preprocessing"), "x": b""})
        for name, time_s in ((FOUR, 1_000_000_000), (THREE, 1_000_000_060), ("x", 1_500_000_000)):
            os.utime(tmp_path / "class" / "ann" / name, (time_s, time_s))
        assert get(run({}), "ann").timestamp == "2001-09-09T01:47:40+00:00"

    def test_a_zip_of_no_day_at_all(self, run, tmp_path, four):
        data = bytearray(pack_zip({f"ann/{FOUR}": four}))
        place = data.index(b"PK\x01\x02") + 12
        data[place : place + 4] = b"\0" * 4
        (tmp_path / "class.zip").write_bytes(data)
        assert get(run(tmp_path / "class.zip"), "ann").timestamp is None

    def test_times_in_the_zip_of_a_class_are_local(self, run, tmp_path, four):
        assert TIME[0] == 2026
        (tmp_path / "class.zip").write_bytes(pack_zip({f"ann/{FOUR}": four}))
        assert get(run(tmp_path / "class.zip"), "ann").timestamp.startswith("2026-0")

    def test_a_tar_of_no_day_at_all(self, run, tmp_path, four):
        entry = tarfile.TarInfo(f"ann/{FOUR}")
        entry.size, entry.pax_headers = len(four), {"mtime": "nan"}
        with tarfile.open(tmp_path / "class.tar", "w", format=tarfile.PAX_FORMAT) as archive:
            archive.addfile(entry, io.BytesIO(four))
        assert get(run(tmp_path / "class.tar"), "ann").timestamp is None


class TestAgain:
    def test_the_same_again_leaves_the_same_files(self, run, tmp_path, four):
        folder = write_files(tmp_path / "class", {f"ann/{FOUR}": four, "ann/cat.png": b"cat"})
        intake = run(folder)
        before = {path: path.stat().st_ino for path in (tmp_path / "course" / "submitted").rglob("*")}
        assert run(folder) == intake
        assert {path: path.stat().st_ino for path in (tmp_path / "course" / "submitted").rglob("*")} == before
        assert list_files(tmp_path / "course" / "grading") == {"exercise_01/intake.json", "students.json"}

    def test_a_change_is_taken_and_the_old_copy_kept(self, run, tmp_path, four):
        run({f"ann/{FOUR}": four})
        for text in ("second", "third"):
            submission = get(run({f"ann/{FOUR}": read_released("04_inference", add_answer(text))}), "ann")
            assert read_last_cell(submission) == text
        replaced = tmp_path / "course" / "grading" / "exercise_01" / "replaced" / "ann"
        assert [read_last_cell(Submission("ann", str(replaced / number))) for number in ("1", "2")] == [
            "mine",
            "second",
        ]

    def test_what_was_in_the_place_before_is_never_deleted(self, run, tmp_path, four):
        write_files(tmp_path / "course" / "submitted" / "ann" / "exercise_01", {"precious.txt": b"x"})
        run({f"ann/{FOUR}": four})
        assert list_files(tmp_path / "course" / "grading" / "exercise_01" / "replaced") == {"ann/1/precious.txt"}

    def test_a_link_in_the_place_is_moved_aside_not_followed(self, run, tmp_path, four):
        theirs = write_files(tmp_path / "theirs", {"precious.txt": b"x"})
        (tmp_path / "course" / "submitted" / "ann").mkdir(parents=True)
        (tmp_path / "course" / "submitted" / "ann" / "exercise_01").symlink_to(theirs)
        run({f"ann/{FOUR}": four})
        assert list_files(theirs) == {"precious.txt"}

    def test_the_courses_own_folder_is_only_read(self, run, tmp_path, four):
        own = tmp_path / "course" / "submitted"
        write_files(own, {f"ann/exercise_01/Copy {FOUR}": four, "ann/exercise_01/x.rar": b"x"})
        before = list_files(own)
        submission = get(run(own), "ann")
        assert Path(submission.folder) == tmp_path / "course" / "grading" / "clean" / "ann" / "exercise_01"
        assert list_files(Path(submission.folder)) == {FOUR}
        assert list_files(own) == before

    def test_what_a_killed_run_left_is_cleared_away(self, run, tmp_path, four):
        write_files(tmp_path / "course" / "grading" / ".intake-x", {"ann/half.ipynb": b"x"})
        run({f"ann/{FOUR}": four})
        assert list_files(tmp_path / "course" / "grading") == {"exercise_01/intake.json", "students.json"}

    def test_what_was_found_is_written_down(self, run, tmp_path, four):
        intake = run({f"doejane_101_201_{FOUR}": four, f"x_9_9_{FOUR}": four}, roster=CANVAS_ROSTER)
        assert read_intake(CourseAssignment(tmp_path / "course")) == intake
        assert len(intake.unknown) == 1
