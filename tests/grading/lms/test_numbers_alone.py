"""A system whose files have a number and no name: found by the roster alone, and on no other system's list."""

import pytest

from helpers.grading.exports.upload_csv import write_uploads
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.intake.students.roster import read_roster
from helpers.grading.lms import systems
from helpers.grading.lms.row import RosterRow
from helpers.grading.lms.upload_format import UploadLine, UploadTable
from helpers.grading.records import Student
from tests.support.handed_in import pack_zip
from tests.support.seat_system import SEATS

FOUR = "04_inference.ipynb"
ROSTER = "Matric;Surname;Forename;Mail;Seat No\nM1;One;Student;s1@uni.example;42\nM2;Two;Student;s2@uni.example;0007\n"


@pytest.fixture(autouse=True)
def registered(monkeypatch) -> None:
    monkeypatch.setattr(systems, "SYSTEMS", (SEATS, *systems.SYSTEMS))


@pytest.fixture
def files(first, second) -> dict[str, bytes]:
    return {f"Seat0042__{FOUR}": first, f"Seat0007__{FOUR}": second}


def test_its_columns_are_read(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    one, two = read_roster(path)
    assert (one.id, one.first_name, one.last_name, one.email) == ("M1", "Student", "One", "s1@uni.example")
    assert two.id == "M2"
    written = {path.name: path for path in write_uploads(tmp_path, [one, two], {}, ClassPoints(), title="Exercise 01")}
    assert written["seats.csv"].read_text(encoding="utf-8").splitlines() == ["Matric;Mark", "M1;", "M2;"]


@pytest.mark.parametrize("is_packed", [True, False])
def test_its_download_is_taken_in(take, files, is_packed):
    intake = take(pack_zip(files) if is_packed else files, ROSTER)
    assert intake.unknown == ()
    assert [(one.student, bool(one.folder)) for one in intake.submissions] == [("M1", True), ("M2", True)]


def test_a_class_without_a_roster(take, files):
    assert sorted(one.id for one in take(files).students) == ["42", "7"]


def test_a_number_on_another_systems_list_is_nobodys(take, files):
    with pytest.raises(IntakeError):
        take(files, "id,email\n42,\n7,\n")


def test_points_have_a_decimal_comma():
    line = UploadLine(Student("M1"), RosterRow({}, {"matric": "M1"}), points="12.5")
    assert SEATS.upload.make_table(UploadTable([line], {}, "50")) == [["Matric", "Mark"], ["M1", "12,5"]]
