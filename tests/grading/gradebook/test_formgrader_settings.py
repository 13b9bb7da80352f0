"""Formgrader in a course: which exercises it lists, rubrics on its pages alone, and what its buttons refuse."""

import copy
from pathlib import Path

import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.abc.exchange import ExchangeError
from traitlets.config.loader import PyFileConfigLoader

from helpers.grading.course.settings import write_settings
from helpers.grading.nbgrader_plugins.exchange import ListNothing, RefuseCollect, RefuseFeedback, RefuseRelease
from helpers.grading.nbgrader_plugins.rubrics import ShowRubrics
from helpers.grading.notebooks.paths import ASSIGNMENT, RELEASE, read_notebook
from tests.support.notebook_cells import NOTEBOOKS, SCHEME, read_cells

NAME = "07_app"
FORMGRADER = {"submission_id": "abc", "assignment_id": ASSIGNMENT, "notebook_id": NAME}


def show(tmp_path, monkeypatch, **resources):
    """Return the cells of a page of a course that has no solutions of its own, and those before."""
    monkeypatch.chdir(tmp_path)
    notebook = read_notebook(RELEASE / f"{NAME}.ipynb")
    before = copy.deepcopy(notebook.cells)
    shown, _ = ShowRubrics().preprocess(notebook, ResourcesDict(**resources))
    return shown.cells, before


def test_formgrader_shows_every_rubric_below_its_answer(tmp_path, monkeypatch):
    cells, before = show(tmp_path, monkeypatch, **FORMGRADER)
    (path,) = [path for path in NOTEBOOKS if path.stem == NAME]
    wanted = {cell.id: SCHEME.search(cell.source) for cell in read_cells(path)}
    wanted = {name: found[1].strip() for name, found in wanted.items() if found}
    assert len(wanted) == len(cells) - len(before) == 5
    for place, cell in enumerate(cells):
        if cell.id in wanted:
            assert cells[place + 1].source == f"**Rubric of `{cell.id}`**\n\n{wanted[cell.id]}"


@pytest.mark.parametrize("resources", [{}, {"nbgrader": {"notebook": NAME}}, FORMGRADER | {"submission_id": None}])
def test_no_other_page_gets_a_rubric(tmp_path, monkeypatch, resources):
    cells, before = show(tmp_path, monkeypatch, **resources)
    assert cells == before


def test_a_notebook_without_solution_has_no_rubric(tmp_path, monkeypatch):
    cells, before = show(tmp_path, monkeypatch, **FORMGRADER | {"notebook_id": "unknown"})
    assert cells == before


def test_an_exchange_is_not_missed_and_its_buttons_say_what_to_run():
    assert ListNothing(coursedir=CourseDirectory()).start() == []
    for button, words in (
        (RefuseRelease, "make kit"),
        (RefuseCollect, "make grade"),
        (RefuseFeedback, "make feedback"),
    ):
        with pytest.raises(ExchangeError, match=words):
            button(coursedir=CourseDirectory()).start()


def test_formgrader_lists_the_exercise_in_a_course_in_another_folder(tmp_path, monkeypatch):
    write_settings(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert list_exercises() == {ASSIGNMENT}
    (tmp_path / "solutions" / "other").mkdir(parents=True)
    assert list_exercises() == {"other"}


def list_exercises() -> set[str]:
    """Return what formgrader lists to be graded, with the settings of the present folder."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(Path.cwd())).load_config()
    return NbGraderAPI(config=config).get_source_assignments()
