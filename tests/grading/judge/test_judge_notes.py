"""The table of points that hang on a note: complete, small, and the same in code and documentation."""

from pathlib import Path

from helpers.exercises.rows import Exercise
from helpers.grading.judge import notes
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks.cell_owners import find_owner
from helpers.grading.notebooks.paths import ROOT

PAGE = Path(notes.__file__).with_name("README.md")


def read_points() -> dict[str, float]:
    return {grade_id: points for template in read_templates().values() for grade_id, points in template.points.items()}


def test_no_more_points_hang_on_a_note_than_the_pages_say():
    points = read_points()
    assert set(notes.NOTES) <= set(points)
    assert sum(points[grade_id] for grade_id in notes.NOTES) <= notes.MAX_POINTS
    all_checks = sum(most for grade_id, most in points.items() if isinstance(find_owner(grade_id), Exercise))
    for page in (PAGE, ROOT / "README.md"):
        assert f"{notes.MAX_POINTS} of the {all_checks:g} points that checks give" in page.read_text(encoding="utf-8")


def test_the_page_lists_them_all():
    points, text = read_points(), PAGE.read_text(encoding="utf-8")
    rows = [f"| `{grade_id}` | {points[grade_id]:g} | {note} |" for grade_id, note in notes.NOTES.items()]
    assert [row for row in rows if row not in text] == []
    assert text.count("\n| `") == len(rows) + 4  # the other table's rows
