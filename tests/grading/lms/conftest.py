"""What the tests of systems share: a small release, and a class that is taken in."""

import shutil
from pathlib import Path

import pytest

from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.lists import Lists
from helpers.grading.notebooks.assignment import CourseAssignment
from tests.support.handed_in import add_answer, read_released, write_files, write_release


@pytest.fixture(scope="session")
def release(tmp_path_factory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def first() -> bytes:
    """A notebook as it was handed in first."""
    return read_released("04_inference", add_answer("first"))


@pytest.fixture(scope="session")
def second() -> bytes:
    """The same notebook, handed in again."""
    return read_released("04_inference", add_answer("second"))


@pytest.fixture
def take(tmp_path, release):
    """Return a function that takes in files, or an archive, with a roster's text and other lists."""

    def take(files: dict[str, bytes] | bytes, roster: str = "", *, map: str = "", **lists) -> Intake:
        path = tmp_path / "class"
        shutil.rmtree(path, ignore_errors=True)
        if isinstance(files, bytes):
            path = tmp_path / "class.zip"
            path.write_bytes(files)
        else:
            write_files(path, files)
        for name, text in (("roster.csv", roster), ("files.csv", map)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        if map:
            lists["map"] = tmp_path / "files.csv"
        given = Lists(roster=tmp_path / "roster.csv" if roster else None, **lists)
        return collect(path, CourseAssignment(tmp_path / "course"), given, release=release)

    return take
