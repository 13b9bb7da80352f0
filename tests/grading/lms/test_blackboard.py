"""Blackboard: names in downloads, attempts and their times, the download of its gradebook, and what it takes back."""

import csv
from pathlib import Path

import nbformat
import pytest

from helpers.grading.exports.upload_csv import write_uploads
from helpers.grading.exports.uploads import find_maximum
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.intake.students.roster import read_roster
from helpers.grading.lms.blackboard import BLACKBOARD
from helpers.grading.lms.claims import list_claims
from helpers.grading.lms.columns import find_system
from tests.support.handed_in import pack_zip

FOUR = "04_inference.ipynb"
COLUMN = "Exercise 01 [Total Pts: 118 Score] |77"
HEADER = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability", COLUMN]
LINES = [["One", "Student", "sone", "S1", "2026", "Yes", ""], ["Two", "Student", "stwo", "S2", "2026", "Yes", ""]]
EARLY, LATE = "attempt_2026-09-24-21-26-00", "attempt_2026-09-25-21-26-00"


def write_roster(lines: list[list[str]] = LINES, *, header: list[str] = HEADER, separator: str = ",") -> str:
    return "\n".join(separator.join(f'"{cell}"' for cell in line) for line in (header, *lines)) + "\n"


class TestNames:
    @pytest.mark.parametrize(
        ("name", "logins"),
        [
            (f"Exercise 01_sone_{EARLY}_{FOUR}", ["sone"]),
            (f"Exercise_01_sone_{EARLY}_{FOUR}", ["sone", "01_sone"]),
            (f"Exercise 01_sone_{EARLY}_x_stwo_{LATE}_{FOUR}", ["sone"]),
            (f"Exercise 01_sone_{EARLY}.txt", ["sone"]),
            (f"sone_{EARLY}_{FOUR}", []),
            (f"Exercise 01_sone_attempt_{FOUR}", []),
        ],
    )
    def test_every_user_name_that_there_may_be(self, name, logins):
        assert [claim.number for claim in list_claims(name, is_folder=False)] == logins

    def test_a_name_on_canvas_stays_canvass(self):
        """Students choose the last part: it must not look like another system's to anybody."""
        first, *_ = list_claims(f"onestudent_101_201_Exercise 01_stwo_{LATE}_{FOUR}", is_folder=False)
        assert (first.system, first.number) == ("canvas", "101")


class TestTakingIn:
    @pytest.fixture
    def files(self, first, second) -> dict[str, bytes]:
        return {
            f"Exercise 01_sone_{EARLY}.txt": b"Name: Student One (sone)",
            f"Exercise 01_sone_{EARLY}_{FOUR}": first,
            f"Exercise 01_stwo_{LATE}_{FOUR}": second,
            f"Exercise 01_stwo_{EARLY}.txt": b"early",
            f"Exercise 01_stwo_{LATE}.txt": b"late",
            f"Exercise 01_stwo_{EARLY}_{FOUR}": first,
        }

    def test_the_newest_attempt_counts_with_its_own_time(self, take, files):
        intake = take(pack_zip(files), write_roster(), zone="Europe/Berlin", needs_times=True)
        one, two = intake.submissions
        assert (one.student, one.timestamp) == ("sone", "2026-09-24T19:26:00+00:00")
        assert (two.student, two.timestamp) == ("stwo", "2026-09-25T19:26:00+00:00")
        assert two.clock == "the names of Blackboard's files"
        assert nbformat.read(Path(two.folder) / FOUR, as_version=4).cells[-1].source == "second"
        assert (Path(one.folder) / "attempt.txt").read_text() == "Name: Student One (sone)"
        assert (Path(two.folder) / "attempt.txt").read_text() == "late"
        assert len(two.problems) == 1 and f"the newest was taken, Exercise 01_stwo_{LATE}_{FOUR}." in two.problems[0]
        assert intake.unknown == ()

    def test_no_zone_is_guessed_where_there_is_a_due_date(self, take, files):
        with pytest.raises(IntakeError, match=r"ZONE=Europe/Berlin"):
            take(files, write_roster(), needs_times=True)

    @pytest.mark.parametrize("roster", ["id,email\nsone,\nstwo,\n", ""])
    def test_the_user_name_is_enough(self, take, files, roster):
        assert [one.student for one in take(files, roster).submissions] == ["sone", "stwo"]

    def test_a_user_name_that_reads_like_anothers_name_is_nobodys(self, take, first):
        roster = "First name,Last name,Email address\nS,One,x@uni.example\nStudent,Two,stwo@uni.example\n"
        files = {f"Exercise 01_{login}_{EARLY}_{FOUR}": first for login in ("sone", "stwo")}
        intake = take(files, roster)
        assert [bool(one.folder) for one in intake.submissions] == [False, True]
        assert len(intake.unknown) == 1

    def test_a_group_gives_its_result_to_its_members(self, take, tmp_path, first):
        (tmp_path / "teams.csv").write_text("team,student\nGroup 1,sone\nGroup 1,stwo\n", encoding="utf-8")
        intake = take({f"Exercise 01_Group 1_{EARLY}_{FOUR}": first}, write_roster(), teams=tmp_path / "teams.csv")
        assert all(one.folder for one in intake.submissions)

    def test_a_user_name_may_hold_the_sign_between_parts(self, take, first):
        roster = write_roster([["One", "Student", "s_one", "S1", "", "", ""]])
        (submission,) = take({f"Exercise_01_s_one_{EARLY}_{FOUR}": first}, roster).submissions
        assert submission.folder

    def test_where_that_leaves_two_it_is_neithers(self, take, first):
        roster = write_roster([["One", "Student", "s_one", "", "", "", ""], ["Two", "Student", "one", "", "", "", ""]])
        files = {f"Exercise 01_s_one_{EARLY}_{FOUR}": first, f"Exercise 01_one_{EARLY}_{FOUR}": first}
        intake = take(files, roster)
        assert [bool(one.folder) for one in intake.submissions] == [False, True]
        assert "could be the work of one (blackboard one) or of s_one (blackboard s_one)" in intake.unknown[0]

    def test_a_student_is_found_again_on_another_systems_list(self, take, files):
        take(files, write_roster())
        assert [one.id for one in take(files, "id,email\nSTWO,\n").students] == ["stwo"]


class TestRoster:
    @pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), ("\t", "utf-16")])
    def test_the_upload_has_the_rosters_own_column(self, tmp_path, separator, encoding):
        path = tmp_path / "roster.csv"
        path.write_text(write_roster(separator=separator), encoding=encoding)
        students = read_roster(path)
        assert [one.id for one in students] == ["sone", "stwo"]
        assert find_system(students[0].row) is BLACKBOARD
        assert find_maximum(students, "Exercise 01") == 118
        upload, *_ = write_uploads(tmp_path, students, {}, ClassPoints(), title="Exercise 01")
        assert upload.name == "blackboard.csv"
        with upload.open(encoding="utf-8", newline="") as file:
            header, one, _ = csv.reader(file)
        assert header == [*HEADER[:4], COLUMN]
        assert one == ["One", "Student", "sone", "S1", ""]

    def test_a_roster_without_the_column_gets_a_new_one(self, tmp_path):
        path = tmp_path / "roster.csv"
        path.write_text(write_roster([line[:-1] for line in LINES], header=HEADER[:-1]), encoding="utf-8")
        upload, *_ = write_uploads(tmp_path, read_roster(path), {}, ClassPoints(), title="Exercise 01")
        assert upload.read_text(encoding="utf-8").startswith(",".join([*HEADER[:4], "Exercise 01\n"]))
