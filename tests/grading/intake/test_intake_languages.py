"""Worksheets of Moodle in other languages, as its language packs write them; and columns that are named by hand."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helpers.grading.exports.upload_csv import write_upload
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.intake.students.finding import StudentFinder
from helpers.grading.intake.students.roster import read_roster
from helpers.grading.lms.columns import find_system, get_cell
from helpers.grading.lms.header_words import read_words
from helpers.grading.lms.moodle import MOODLE
from helpers.grading.lms.written_times import put_in_utc, read_local

COLUMNS = (
    "identifier", "full name", "email address", "status", "grade", "maximum grade", "grade can be changed",
    "last modified (submission)", "last modified (grade)", "feedback comments",
)  # fmt: skip
CELLS = ("12", "One Student", "one@uni.example", "x", "", "100,00", "x", "-", "-", "")
PARTICIPANT = {"de": "Teilnehmer/in", "fr": "Participant ", "ja": "参加者", "zh": "参与人"}


def write(folder: Path, header, cells, *, separator: str = ",") -> Path:
    path = folder / "worksheet.csv"
    rows = [separator.join(f'"{cell}"' for cell in row) for row in (header, cells)]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("language", read_words())
def test_a_worksheet_is_recognised_in_every_language(tmp_path, language, separator):
    header = [read_words()[language][column][0] for column in COLUMNS]
    cells = (PARTICIPANT.get(language, "Participant ") + CELLS[0], *CELLS[1:])
    (student,) = read_roster(write(tmp_path, header, cells, separator=separator))
    assert find_system(student.row) is MOODLE
    assert (student.id, student.first_name, student.last_name) == ("one@uni.example", "One", "Student")
    assert [get_cell(student.row, column) for column in COLUMNS[1:]] == list(CELLS[1:])
    assert list(student.row) == header
    assert StudentFinder([student]).find("One Student_12_assignsubmission_file", is_folder=True).student is student


def test_the_upload_keeps_the_words_of_the_worksheet(tmp_path):
    header = [read_words()["de"][column][0] for column in COLUMNS]
    students = read_roster(write(tmp_path, header, ("Teilnehmer/in12", *CELLS[1:])))
    path = write_upload(tmp_path, MOODLE, MOODLE.upload, students, {}, ClassPoints(), title="Exercise 01")
    assert path.read_text(encoding="utf-8").splitlines()[0].split(",") == header


def test_columns_can_be_named_by_hand(tmp_path):
    path = write(tmp_path, ["Tunniste", "Nimi", "Numero"], ["s7", "One Student", "12"])
    with pytest.raises(IntakeError, match=r'ROSTER_COLUMNS="id=...,name=..."'):
        read_roster(path)
    (student,) = read_roster(path, columns="id=Tunniste, name=Nimi, number=Numero")
    assert (student.id, student.last_name) == ("s7", "Student")
    assert StudentFinder([student]).find("One Student_12_assignsubmission_file", is_folder=True).student is student
    with pytest.raises(IntakeError, match=r'says "name=Name".*which are: Tunniste, Nimi, Numero'):
        read_roster(path, columns="id=Tunniste,name=Name")


@pytest.mark.parametrize(
    "text",
    [
        "Friday, 4 September 2026, 10:36 PM",
        "Friday, September 4, 2026, 10:36 PM",
        "4 Sep 2026, 22:36",
        "Freitag, 4. September 2026, 22:36",
        "vendredi 4 septembre 2026, 22:36",
        "viernes, 4 de septiembre de 2026, 22:36",
        "sexta-feira, 4 de setembro de 2026 às 22:36",
        "venerdì, 4 settembre 2026, 22:36",
        "vrijdag, 4 september 2026, 22:36",
        "piątek, 4 września 2026, 22:36",
        "2026年09月4日(金曜日) 22:36",
        "2026年09月4日 星期五 下午10:36",
    ],
)
def test_times_are_read_in_every_language(text):
    assert put_in_utc(read_local(text), ZoneInfo("Europe/Berlin")) == "2026-09-04T20:36:00+00:00"


@pytest.mark.parametrize(
    "text", ["-", "soon", "22:36", "Friday, 4 2026, 10:36", "9/4/2026, 22:36", "32 May 2026, 1:00"]
)
def test_a_time_that_cannot_be_read_is_none(text):
    assert put_in_utc(read_local(text), ZoneInfo("UTC")) is None
