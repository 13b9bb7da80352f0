"""What students get: generated, the same bytes each time, and nothing of the instructor's in it."""

import nbformat
import pytest
from nbgrader import utils

from helpers.grading.commands.release import release_notebooks
from helpers.grading.notebooks.paths import ASSIGNMENT, RELEASE, list_notebooks
from tests.support.notebook_cells import HIDDEN, NOTEBOOKS, SCHEME, SOLUTION, grade_id, read_cells

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
SHORTEST_SECRET = 12  # characters; shorter lines ("return", ")") also stand in what students may see


@pytest.fixture(scope="module")
def fresh_release(tmp_path_factory):
    return release_notebooks(target=tmp_path_factory.mktemp("release"))


def test_release_is_up_to_date(fresh_release):
    committed = {path.name: path.read_bytes() for path in list_notebooks(RELEASE)}
    assert {path.name: path.read_bytes() for path in fresh_release} == committed, "run `make release`"


def test_releasing_again_gives_the_same_bytes(fresh_release, tmp_path):
    again = release_notebooks(target=tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in fresh_release]


def test_release_drops_what_solutions_no_longer_have(tmp_path):
    folder = tmp_path / ASSIGNMENT
    folder.mkdir()
    (folder / "99_gone.ipynb").write_text("{}")
    (folder / "README.md").write_text("stays")
    release_notebooks(target=tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == sorted(["README.md", *(path.name for path in NOTEBOOKS)])


def list_secrets(path):
    """Return (cell id, line) of every line that only instructors may see."""
    secrets = []
    for cell in read_cells(path):
        regions = [found for pattern in (SOLUTION, HIDDEN, SCHEME) for found in pattern.findall(cell.source)]
        if utils.is_solution(cell) and utils.is_grade(cell):
            regions = [cell.source]
        secrets += [(cell.id, line.strip()) for region in regions for line in region.splitlines()]
    return [(cell_id, line) for cell_id, line in secrets if len(line) >= SHORTEST_SECRET]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_release_holds_no_solution_hidden_test_or_rubric(path, fresh_release):
    released = nbformat.read(RELEASE / path.name, as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    for marker in MARKERS:
        assert marker not in (RELEASE / path.name).read_text(encoding="utf-8")
    given = "\n".join(
        HIDDEN.sub("", SOLUTION.sub("", cell.source))
        for cell in read_cells(path)
        if not (utils.is_solution(cell) and utils.is_grade(cell))
    )
    secrets = list_secrets(path)
    assert secrets
    leaked = [(cell_id, line) for cell_id, line in secrets if line in text and line not in given]
    assert leaked == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_release_has_empty_answers_and_no_outputs(path):
    for cell in nbformat.read(RELEASE / path.name, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
        if utils.is_solution(cell):
            expected = "YOUR ANSWER HERE" if cell.cell_type == "markdown" else "raise NotImplementedError()"
            assert expected in cell.source, grade_id(cell)
        if utils.is_locked(cell):
            assert cell.metadata.editable is False and cell.metadata.deletable is False


def test_a_new_file_beside_the_solutions_is_not_released(tmp_path):
    solutions = tmp_path / "solutions" / ASSIGNMENT
    solutions.mkdir(parents=True)
    for path in NOTEBOOKS[:1]:
        (solutions / path.name).write_bytes(path.read_bytes())
    (solutions / "answers.py").write_text("secret = 1")
    release = tmp_path / "release"
    names = {path.name for path in release_notebooks(target=release, solutions=solutions.parent)}
    assert names == {NOTEBOOKS[0].name}
    assert [path.name for path in (release / ASSIGNMENT).iterdir()] == [NOTEBOOKS[0].name]
