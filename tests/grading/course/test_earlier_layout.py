"""A course of an earlier version, with the files of its one assignment in grading/ itself, is moved once, and whole."""

import os

import pytest

from helpers.grading.course.earlier_layout import move_earlier
from helpers.grading.errors import GradingError
from tests.support.earlier_course import list_files, move_back

OLD = {
    "grading/records/ada.json": "{}",
    "grading/records/bob.json": "{}",
    "grading/pending/bob.json": "half",
    "grading/questions/ada/01_setup.bin": "asked",
    "grading/handed_out/01_setup/abc.ipynb": "version",
    "grading/replaced/ada/1/01_setup.ipynb": "first attempt",
    "grading/exports/canvas.csv": "points",
    "grading/report.html": "report",
    "grading/exercise.json": "versions",
    "grading/intake.json": "taken in",
    "grading/again-top_k.txt": "log",
    "feedback/ada.zip": "pages",
}
OF_ALL = {"grading/class_seed.json": "seed", "grading/settings.json": "settings", "grading/students.json": "known"}
NEW = {path.replace("grading/", "grading/exercise_01/"): text for path, text in OLD.items()}
NEW["feedback/ada-exercise_01.zip"] = NEW.pop("feedback/ada.zip")


@pytest.fixture
def course(tmp_path):
    for name, text in (OLD | OF_ALL).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, ns=(10**18, 10**18))
    return tmp_path


def test_everything_of_the_assignment_is_moved_and_the_rest_stays(course):
    move_earlier(course)
    assert list_files(course) == NEW | OF_ALL
    assert {path.stat().st_mtime_ns for path in course.rglob("*.*") if path.is_file()} == {10**18}
    move_earlier(course)
    assert list_files(course) == NEW | OF_ALL
    move_back(course)
    assert list_files(course) == OLD | OF_ALL


@pytest.mark.parametrize("moved", range(10))
def test_a_move_that_was_killed_goes_on(course, monkeypatch, moved):
    rename, done = os.rename, []

    def stop(old, new):
        if len(done) == moved:
            raise KeyboardInterrupt
        done.append(new)
        rename(old, new)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            move_earlier(course)
    move_earlier(course)
    assert list_files(course) == NEW | OF_ALL


def test_old_and_new_files_are_not_mixed(course):
    path = course / "grading" / "exercise_01" / "intake.json"
    path.parent.mkdir()
    path.write_text("newer")
    with pytest.raises(GradingError, match=r"intake\.json and .*/exercise_01/intake\.json are both there: keep"):
        move_earlier(course)
    assert path.read_text() == "newer" and (course / "grading" / "intake.json").read_text() == "taken in"
