"""Brightspace: downloads, several attempts and their times, the export of its grades, and what it takes back."""

import csv
from pathlib import Path

import nbformat
import pytest

from helpers.grading.exports.upload_csv import write_uploads
from helpers.grading.exports.uploads import find_maximum
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.intake.students.roster import read_roster
from helpers.grading.lms.brightspace import BRIGHTSPACE
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.claims import list_claims, read_claim
from helpers.grading.lms.columns import find_system
from helpers.grading.records import Student
from tests.support.handed_in import pack_zip, read_released

FOUR = "04_inference.ipynb"
COLUMN = "Exercise 01 Points Grade <Numeric MaxPoints:118>"
HEADER = f"OrgDefinedId,Username,Last Name,First Name,Email,{COLUMN},End-of-Line Indicator\n"
ROSTER = HEADER + "#S1,#sone,One,Student,s1@uni.example,,#\n#S2,#stwo,Two,Student,s2@uni.example,,#\n"
ONE, TWO = "397063-2557369 - Student One", "397064-2557369 - Student Two"


class TestNames:
    @pytest.mark.parametrize(
        ("name", "claim"),
        [
            (f"{ONE} - Sep 24, 2026 926 PM", Claim("Student One", came="Sep 24, 2026 926 PM", upload=20260924212600)),
            ("3-4 - Ann-Sue One - 24 sept. 2026 2126", Claim("Ann-Sue One", number="3", came="24 sept. 2026 2126")),
            ("3-4 - S O - Nov 28, 2026 1205 AM", Claim("S O", number="3", came="Nov 28, 2026 1205 AM")),
        ],
    )
    def test_folders(self, name, claim):
        found = read_claim(name, is_folder=True)
        assert (found.system, found.name, found.came) == ("brightspace", claim.name, claim.came)
        assert found.number == (claim.number or "397063")
        assert BRIGHTSPACE.times.read_local(found.came).strftime("%H%M") in ("2126", "0005")

    def test_a_file_at_the_top_has_the_students_own_name_last(self):
        found = read_claim(f"{ONE} - Mar 29, 2026 1205 PM - own - part 2.zip", is_folder=False)
        assert (found.name, found.original, found.upload) == ("Student One", "own - part 2.zip", 20260329120500)

    def test_what_a_student_calls_a_file_is_nobody_elses(self):
        name = f"{ONE} - Sep 24, 2026 926 PM - {TWO} - Sep 25, 2026 926 PM - {FOUR}"
        (claim,) = list_claims(name, is_folder=False)
        assert claim.name == "Student One"

    @pytest.mark.parametrize("name", ["index.html", "Student One - Sep 24, 2026 926 PM", "3-4 - x - soon", ONE])
    def test_other_names_are_not_brightspaces(self, name):
        assert list_claims(name, is_folder=True) == []


class TestTakingIn:
    FOLDERS = (f"{ONE} - Sep 24, 2026 926 PM", f"{TWO} - Sep 24, 2026 926 PM", f"{TWO} - Sep 25, 2026 926 PM")

    @pytest.fixture
    def files(self, first, second) -> dict[str, bytes]:
        books = (first, second, first)
        folders = {f"{name}/{FOUR}": book for name, book in zip(self.FOLDERS, books, strict=True)}
        return {"index.html": b" "} | folders

    def test_of_each_notebook_the_newest_counts_with_its_own_time(self, take, files, first):
        files |= {f"{self.FOLDERS[1]}/03_preprocessing.ipynb": read_released("03_preprocessing")}
        _, two = take(files, ROSTER, zone="UTC").submissions
        times = {"03_preprocessing": "2026-09-24T21:26:00+00:00", "04_inference": "2026-09-25T21:26:00+00:00"}
        assert (two.times, two.timestamp) == (times, times["04_inference"])

    def test_a_file_beside_it_that_came_again_is_the_newest(self, take, files):
        files |= {f"{folder}/photo.png": folder.encode() for folder in self.FOLDERS[1:]}
        _, two = take(files, ROSTER).submissions
        assert (Path(two.folder) / "photo.png").read_text() == self.FOLDERS[2]
        assert two.problems == (f"2 versions of 04_inference were handed in: the newest was taken, {FOUR}.",)

    def test_an_old_download_does_not_replace_a_newer_attempt(self, take, files):
        newest = take(files, ROSTER, zone="UTC").submissions
        del files[f"{self.FOLDERS[2]}/{FOUR}"]
        assert take(files, ROSTER).submissions[1].times == newest[1].times

    def test_a_group_gives_its_result_to_its_members(self, take, tmp_path, first):
        (tmp_path / "teams.csv").write_text("team,student\nGroup 1,sone\nGroup 1,stwo\n", encoding="utf-8")
        files = {f"397063-2557369 - Group 1 - Sep 24, 2026 926 PM/{FOUR}": first}
        intake = take(files, ROSTER, teams=tmp_path / "teams.csv")
        assert all(one.folder for one in intake.submissions)

    @pytest.mark.parametrize("is_packed", [True, False])
    def test_the_newest_attempt_counts_with_its_own_time(self, take, files, is_packed):
        intake = take(pack_zip(files) if is_packed else files, ROSTER, zone="Europe/Berlin", needs_times=True)
        one, two = intake.submissions
        assert (one.student, one.timestamp) == ("sone", "2026-09-24T19:26:00+00:00")
        assert (two.student, two.timestamp) == ("stwo", "2026-09-25T19:26:00+00:00")
        assert two.clock == "the names of Brightspace's files"
        assert nbformat.read(Path(two.folder) / FOUR, as_version=4).cells[-1].source == "first"
        assert intake.unknown == ()

    def test_no_zone_is_guessed_where_there_is_a_due_date(self, take, files):
        with pytest.raises(IntakeError, match=r"ZONE=Europe/Berlin"):
            take(files, ROSTER, needs_times=True)
        intake = take(files, ROSTER)
        assert {one.clock for one in intake.submissions} == {
            "the names of Brightspace's files, in a time zone that is not known"
        }
        assert not any(one.timestamp for one in intake.submissions)

    def test_without_a_roster_everybody_is_named_as_in_the_names(self, take, files):
        intake = take(files)
        assert [one.id for one in intake.students] == ["Student One_397063", "Student Two_397064"]
        assert intake.students[1].last_name == "Two"

    def test_two_of_one_name_are_told_apart_by_nobody(self, take, first):
        other = "397065-2557369 - Student One - Sep 24, 2026 926 PM"
        intake = take({f"{self.FOLDERS[0]}/{FOUR}": first, f"{other}/{FOUR}": first}, ROSTER)
        assert [one.folder for one in intake.submissions] == [None, None]
        assert len(intake.unknown) == 2

    def test_a_time_that_cannot_be_read_is_said(self, take, first):
        intake = take({f"{ONE} - Sep 31, 2026 926 PM/{FOUR}": first}, ROSTER, zone="UTC")
        assert "The file's name gives the time" in intake.submissions[0].problems[0]
        assert intake.submissions[0].timestamp is None


class TestRoster:
    def read(self, folder: Path, text: str = ROSTER) -> list[Student]:
        path = folder / "roster.csv"
        path.write_text(text, encoding="utf-8")
        return read_roster(path)

    def test_the_sign_before_ids_is_no_part_of_them(self, tmp_path):
        students = self.read(tmp_path)
        assert [one.id for one in students] == ["sone", "stwo"]
        assert students[0].row["Username"] == "#sone"
        assert find_system(students[0].row) is BRIGHTSPACE
        assert find_maximum(students, "Exercise 01") == 118

    def test_the_upload_has_the_rosters_own_column(self, tmp_path):
        paths = write_uploads(tmp_path, self.read(tmp_path), {}, ClassPoints(), title="Exercise 01")
        assert [path.name for path in paths] == ["brightspace.csv", "canvas.csv", "moodle.csv"]
        with paths[0].open(encoding="utf-8", newline="") as file:
            header, one, _ = csv.reader(file)
        assert header == HEADER.strip().split(",")
        assert one == ["#S1", "#sone", "One", "Student", "s1@uni.example", "", "#"]

    def test_other_columns_of_grades_are_left_alone(self, tmp_path):
        header = "OrgDefinedId,Quiz Points Grade <Numeric MaxPoints:5>,End-of-Line Indicator\n"
        paths = write_uploads(
            tmp_path, self.read(tmp_path, f"{header}#S1,3,#\n"), {}, ClassPoints(), title="Exercise 01"
        )
        assert paths[0].read_text(encoding="utf-8").splitlines() == [
            "OrgDefinedId,Exercise 01 Points Grade,End-of-Line Indicator",
            "#S1,,#",
        ]
