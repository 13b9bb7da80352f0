"""Two assignments taken in to one course: each has its own files; students and the zone of times are the course's."""

from pathlib import Path

import pytest

from helpers.grading.files.items import IntakeError
from helpers.grading.intake import gathering
from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import find_kept_zone, read_intakes, read_last_intake
from helpers.grading.intake.lists import Lists
from helpers.grading.notebooks.assignment import CourseAssignment
from tests.support.handed_in import list_files, read_released, write_files, write_release

FIRST, SECOND, FOUR = "exercise_01", "exercise_02", "04_inference.ipynb"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section\n"
ANN, BEN = '"A, Ann",1000,S0,ann,X\n', '"B, Ben",1001,S1,ben,X\n'


@pytest.fixture
def take(tmp_path):
    """Return a function that takes in the same notebook of these students, by a roster if there is one."""
    release = write_release(tmp_path / "release")

    def take(assignment: str, roster: str = "", students=("ann", "ben"), **lists):
        files = {f"{student}/{FOUR}": read_released("04_inference") for student in students}
        folder = write_files(tmp_path / f"class-{assignment}", files)
        path = tmp_path / "roster.csv" if roster else None
        if path:
            path.write_text(roster, encoding="utf-8")
        course = CourseAssignment(tmp_path / "course", assignment)
        return collect(folder, course, Lists(roster=path, **lists), release=release)

    return take


def test_each_has_its_own_files(take, tmp_path):
    first, second = take(FIRST, students=("ann", "ben")), take(SECOND, students=("ann",))
    course = tmp_path / "course"
    assert list_files(course / "grading") == {"students.json", f"{FIRST}/intake.json", f"{SECOND}/intake.json"}
    assert sorted(path.name for path in (course / "submitted" / "ann").iterdir()) == [FIRST, SECOND]
    for name, intake in ((FIRST, first), (SECOND, second)):
        assert read_last_intake(CourseAssignment(course, name)) == intake
        assert {one.assignment for one in intake.submissions} == {name}
        assert {Path(one.folder).name for one in intake.submissions} == {name}


def test_students_are_the_courses(take):
    take(FIRST, CANVAS + ANN + BEN)
    again = take(SECOND, CANVAS + ANN.replace("ann", "new-login"), students=("new-login",))
    assert [student.id for student in again.students] == ["ann"]


def test_another_class_is_refused(take):
    take(FIRST, CANVAS + ANN + BEN)
    with pytest.raises(IntakeError, match="Only 0 of the 2 students whose work lies in this course"):
        take(SECOND, CANVAS + '"C, Cem",3000,S7,cem,X\n', students=("cem",))


def test_the_zone_is_the_courses(take, tmp_path):
    take(FIRST, zone="Europe/Berlin")
    assert take(SECOND).zone == "Europe/Berlin"
    assert find_kept_zone(read_intakes(CourseAssignment(tmp_path / "course", "exercise_03"))) == "Europe/Berlin"


def test_what_was_taken_in_of_another_is_refused_by_name(take, tmp_path):
    take(FIRST)
    wrong = tmp_path / "course" / "grading" / SECOND / "intake.json"
    wrong.parent.mkdir()
    wrong.write_bytes((wrong.parents[1] / FIRST / "intake.json").read_bytes())
    with pytest.raises(IntakeError, match=r"exercise_02/intake\.json is of exercise_01, not of exercise_02: put"):
        read_last_intake(CourseAssignment(tmp_path / "course", SECOND))


def test_folders_of_other_assignments_are_left_out(tmp_path, monkeypatch):
    """As in nbgrader's own submitted/, where a student has a folder for each."""
    monkeypatch.setattr(gathering, "ASSIGNMENTS", (FIRST, SECOND))
    data = read_released("04_inference")
    names = (f"ann/{FIRST}/{FOUR}", f"ann/{SECOND}/{FOUR}", f"ben/{FIRST}/{FOUR}", f"cem/{FOUR}")
    folder, release = (
        write_files(tmp_path / "submitted", dict.fromkeys(names, data)),
        write_release(tmp_path / "release"),
    )
    found = collect(folder, CourseAssignment(tmp_path / "course", SECOND), release=release)
    assert {one.student: sorted(one.notebooks) for one in found.submissions} == {
        "ann": ["04_inference"],
        "ben": [],
        "cem": ["04_inference"],
    }
