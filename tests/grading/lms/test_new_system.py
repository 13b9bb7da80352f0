"""A new system costs a module and its line in the registry: one is made up, and a class is taken in from it."""

from pathlib import Path

import nbformat
import pytest

from helpers.grading.exports.upload_csv import write_uploads
from helpers.grading.exports.uploads import find_maximum
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.points import ClassPoints
from helpers.grading.intake.students.roster import read_roster
from helpers.grading.lms import systems
from helpers.grading.lms.columns import find_system
from helpers.grading.lms.systems import find_by_name, list_systems
from tests.support.handed_in import pack_zip
from tests.support.made_up_system import QUILL

FOUR = "04_inference.ipynb"
ROSTER = "Quill Id,Quill Login,First name,Last name,Out of\n17,sone,Student,One,50\n23,stwo,Student,Two,50\n"


@pytest.fixture
def registered(monkeypatch) -> None:
    monkeypatch.setattr(systems, "SYSTEMS", (QUILL, *systems.SYSTEMS))


@pytest.fixture
def files(first, second) -> dict[str, bytes]:
    return {
        "contents.txt": b"of Quill's own",
        f"17~Student One~28.11.2026 22.53~{FOUR}": first,
        f"17~Student One~29.11.2026 08.00~{FOUR}": second,
        f"23~Student Two~28.11.2026 22.53~{FOUR}": first,
    }


def test_without_its_line_in_the_registry_it_is_not_known(take, files):
    with pytest.raises(IntakeError, match=r"ROSTER=students.csv MAP=files.csv"):
        take(files, ROSTER.replace("Quill Login", "username"))


@pytest.mark.usefixtures("registered")
class TestRegistered:
    def test_its_roster_is_recognised(self, tmp_path):
        path = tmp_path / "roster.csv"
        path.write_text(ROSTER, encoding="utf-8")
        students = read_roster(path)
        assert [(one.id, one.last_name) for one in students] == [("sone", "One"), ("stwo", "Two")]
        assert find_system(students[0].row) is QUILL
        assert find_maximum(students, "Exercise 01") == 50

    def test_its_download_is_taken_in_with_its_times(self, take, files):
        intake = take(pack_zip(files), ROSTER, zone="Europe/Berlin", needs_times=True)
        one, two = intake.submissions
        assert (one.timestamp, two.timestamp) == ("2026-11-29T07:00:00+00:00", "2026-11-28T21:53:00+00:00")
        assert one.clock == "the names of Quill's files"
        assert nbformat.read(Path(one.folder) / FOUR, as_version=4).cells[-1].source == "second"
        assert (intake.unknown, intake.matched) == ((), 3)

    def test_its_zone_is_asked_for(self, take, files):
        with pytest.raises(IntakeError, match=r"ZONE=Europe/Berlin"):
            take(files, ROSTER, needs_times=True)

    def test_a_number_with_the_name_of_another_finds_neither(self, take, files, first):
        intake = take(files | {f"17~Student Two~30.11.2026 08.00~{FOUR}": first}, ROSTER)
        (sentence,) = intake.unknown
        assert "says Student Two (quill 17), but that is the number of Student One (sone)" in sentence

    def test_a_class_without_a_roster(self, take, files):
        students = take(files).students
        assert [one.id for one in students] == ["Student One_17", "Student Two_23"]
        assert find_system(students[0].row) is QUILL

    def test_its_students_are_found_again_by_its_numbers(self, take, files):
        take(files, ROSTER)
        renamed = ROSTER.replace("Quill Login", "Nickname")
        assert [one.id for one in take(files, renamed).students] == ["sone", "stwo"]

    def test_it_gets_its_file_back(self, tmp_path):
        path = tmp_path / "roster.csv"
        path.write_text(ROSTER, encoding="utf-8")
        written, *_ = write_uploads(tmp_path, read_roster(path), {}, ClassPoints(), title="Exercise 01")
        assert written.name == "quill.csv"
        assert written.read_text(encoding="utf-8").splitlines() == ["Quill Id,Points,Out of", "17,,50", "23,,50"]

    def test_a_table_that_nobody_knows_names_it_among_the_systems(self, take, files):
        with pytest.raises(IntakeError, match=r"from Quill or .*Canvas or.* Moodle"):
            take(files, "Shoe size,Age\n38,20\n")


def test_every_system_has_a_name_of_its_own_and_a_whole_description():
    names = [system.name for system in list_systems()]
    assert len(set(names)) == len(names)
    for system in list_systems():
        assert find_by_name(system.name) is system
        assert system.roster.signs and system.roster.ids
        assert system.title and system.name == system.name.lower()
    files = [system.upload.file_name for system in list_systems() if system.upload]
    assert len(set(files)) == len(files)
