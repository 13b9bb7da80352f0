"""Which assignment `make grade` is for: what is given, what AGAIN names, the only one, or what files' names tell."""

import zipfile

import pytest

from helpers.grading.errors import GradingError
from helpers.grading.whole_class.choose_assignment import choose_assignment


@pytest.fixture
def source(tmp_path):
    """A repository with two assignments, both of which have a notebook 01_setup."""
    notebooks = {"exercise_01": ("01_setup", "02_loading"), "exercise_02": ("01_setup", "02_lists")}
    return write_notebooks(tmp_path / "source", **notebooks)


def write_notebooks(source, **assignments):
    for assignment, names in assignments.items():
        for name in names:
            path = source / "solutions" / assignment / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}")
    return source


def hand_in(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    return folder


def test_the_only_one(tmp_path, capsys):
    source = write_notebooks(tmp_path, exercise_02=("01_lists",))
    for again in ("", "all"):
        assert choose_assignment("", again, None, source=source) == "exercise_02"
    assert capsys.readouterr().out == ""


def test_what_is_given_and_what_again_names(source, capsys):
    assert choose_assignment("exercise_02", "", None, source=source) == "exercise_02"
    assert choose_assignment("", "top_k", None, source=source) == "exercise_01"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["ann/02_lists.ipynb", "ann/My 02_lists (1).ipynb", "doe_101_201_02_lists-2.ipynb"])
def test_names_of_notebooks_tell(source, tmp_path, capsys, name):
    folder = hand_in(tmp_path / "class", name, "ben/01_setup.ipynb")
    assert choose_assignment("", "", folder, source=source) == "exercise_02"
    assert capsys.readouterr().out == (
        "This is exercise_02, by the names of the notebooks. Otherwise say which: ASSIGNMENT=exercise_01.\n"
    )
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr(name, "{}")
    assert choose_assignment("", "", tmp_path / "class.zip", source=source) == "exercise_02"


def test_the_first_where_nothing_tells(source, tmp_path, capsys):
    folder = hand_in(tmp_path / "class", "ann/01_setup.ipynb", "ann/notes.txt")
    for submissions in (folder, tmp_path / "none", None):
        assert choose_assignment("", "", submissions, source=source) == "exercise_01"
        assert "This is exercise_01, the first of those there are. Otherwise" in capsys.readouterr().out


def test_unknown_names_are_refused(source):
    with pytest.raises(GradingError, match=r"no assignment 'exercise_03'\. Choose from: exercise_01, exercise_02\."):
        choose_assignment("exercise_03", "", None, source=source)
    with pytest.raises(GradingError, match=r"no exercise 'top'\. Choose from: all, describe_photo,"):
        choose_assignment("", "top", None, source=source)
    with pytest.raises(GradingError, match=r"no exercise 'top_k'\. Choose from: all\."):
        choose_assignment("exercise_02", "top_k", None, source=source)
