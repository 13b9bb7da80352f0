"""The demonstration class, graded for real: every score, the crash, and what the feedback shows."""

import html
import re

import pytest

from helpers.grading.commands import demo
from helpers.grading.commands.demonstration_class import read_class
from helpers.grading.commands.grade import main as grade
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.points import read_class_points, sum_points
from helpers.grading.gradebook.points_text import describe_points, format_short
from helpers.grading.gradebook.read import CellGrade, StudentGrades, list_cells
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT, list_notebooks
from helpers.grading.records import GRADED, IN_PART, read_records
from tests.bench_grading.points import read_points as read_all_points
from tests.support.notebook_cells import HIDDEN, NOTEBOOKS, is_autograded, read_cells

CLASS = read_class()
CODE_CHECKS = {
    cell.id: cell.metadata.nbgrader.points for path in NOTEBOOKS for cell in read_cells(path) if is_autograded(cell)
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The demonstration without its pages, which are made when their test asks for them."""
    root, executed = tmp_path_factory.mktemp("demo"), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "execute_pages", executed.append)
        table = demo.run_demo(root)
    assert executed == [root / "executed"]
    return root, table


def read_points(course, student):
    """Return (points, points possible, needs manual grading) of a student's graded cells, by grade id."""
    found = read_all_points(course[0])
    return {grade_id: grade for (name, _, grade_id), grade in found.items() if name == student}


@pytest.mark.parametrize("student", CLASS)
def test_every_check_gives_the_expected_points(course, student):
    points = read_points(course, student)
    loses = set(CLASS[student].get("loses", []))
    assert loses <= set(CODE_CHECKS)
    for check, possible in CODE_CHECKS.items():
        expected = 0 if check in loses or not CLASS[student]["solved"] else possible
        assert points[check][0] == expected, check


def test_free_text_waits_for_a_person_unless_it_is_blank(course):
    for student in CLASS:
        manual = {name: found for name, found in read_points(course, student).items() if name not in CODE_CHECKS}
        assert manual
        for name, (points, _, waits) in manual.items():
            assert points == 0
            assert waits is CLASS[student]["solved"], name


def test_the_table_shows_every_submission_and_the_crash(course):
    table = course[1]
    assert list(table.index) == sorted(CLASS)
    assert table["status"]["kernel-dies"] == IN_PART
    assert (table["status"].drop("kernel-dies") == GRADED).all()
    assert table["all"]["all-right"] == format_short(sum_points(read_all_right(course)))
    assert table["all"]["blank"].startswith("0 of ")


def read_all_right(course):
    """Return what solving everything earns: all checks, and no question in free text yet."""
    with open_gradebook(course[0]) as gradebook:
        cells = list_cells(gradebook, ASSIGNMENT).values()
    full = (CellGrade(cell, cell.max_points if cell.is_code else None, not cell.is_code) for cell in cells)
    return StudentGrades({grade.cell.grade_id: grade for grade in full})


def test_the_readme_says_the_same_of_each_submission(course):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with open_gradebook(course[0]) as gradebook:
        found = read_class_points(gradebook, ASSIGNMENT).sum_up()
    for student, points in found.items():
        assert f"{student}: {course[1]['status'][student]}, {describe_points(points)}" in readme


def test_a_dying_kernel_costs_only_what_could_not_run_and_is_named(course):
    record = read_records(course[0] / "grading" / ASSIGNMENT / "records")["kernel-dies"]
    lost = {cell.grade_id for notebook in record.notebooks for cell in notebook.cells if not cell.ran}
    assert lost == set(CLASS["kernel-dies"]["loses"])
    assert [notebook.name for notebook in record.notebooks if notebook.status != GRADED] == ["01_setup"]
    assert all(name in record.reasons[0] for name in lost)
    folder = course[0] / "autograded" / "kernel-dies" / ASSIGNMENT
    assert len(list_notebooks(folder)) == len(NOTEBOOKS)


def test_who_handed_in_nothing_is_missing_and_has_no_score(course):
    records = read_records(course[0] / "grading" / ASSIGNMENT / "records")
    assert records["hands-in-nothing"].status == "missing"
    table = (course[0] / "grading" / ASSIGNMENT / "exports" / "canvas.csv").read_text(encoding="utf-8")
    row = next(line for line in table.splitlines() if line.startswith("hands-in-nothing"))
    assert row.endswith(",")


def test_grading_again_finds_everything_done(course):
    """What is graded stays as it is: no record is written again."""
    root = course[0]
    before = {
        path: path.read_bytes() for path in sorted((root / "grading" / ASSIGNMENT / "records").glob("[!h]*.json"))
    }
    times = {path: path.stat().st_mtime_ns for path in before}
    assert grade([str(root / "handed_in"), "--roster", str(root / "roster.csv"), "--course", str(root)]) == 0
    assert before == {path: path.read_bytes() for path in before}
    assert times == {path: path.stat().st_mtime_ns for path in before}


@pytest.mark.parametrize("student", CLASS)
def test_feedback_keeps_hidden_checks_hidden(course, student):
    pages = {path.stem: path for path in (course[0] / "feedback" / student / ASSIGNMENT).glob("*.html")}
    assert set(pages) == {"index", *(path.stem for path in NOTEBOOKS)}
    for path in NOTEBOOKS:
        text = html.unescape(re.sub(r"<[^>]+>", "", pages[path.stem].read_text(encoding="utf-8")))
        assert "HIDDEN TESTS" not in text
        visible = "\n".join(HIDDEN.sub("", cell.source) for cell in read_cells(path))
        hidden = [
            line.strip() for cell in read_cells(path) for line in "\n".join(HIDDEN.findall(cell.source)).split("\n")
        ]
        assert [line for line in hidden if len(line) > 20 and line in text and line not in visible] == []
        assert str(course[0]) not in text


def test_feedback_names_the_causes(course):
    page = (course[0] / "feedback" / "typical-mistakes" / ASSIGNMENT / "01_setup.html").read_text(encoding="utf-8")
    for cause in ("size_swapped", "newline_kept", "empty_file_left"):
        assert cause in page


@pytest.mark.thorough  # test_validate.py runs every solution too, and looks at what it shows
def test_executed_pages_have_plots_with_alt_texts(tmp_path):
    demo.execute_pages(tmp_path)
    pages = list(tmp_path.glob("*.html"))
    assert len(pages) == len(NOTEBOOKS)
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "data:image/png" in text
        assert "No description has been provided for this image" not in text
