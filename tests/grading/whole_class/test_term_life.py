"""The life of a course, in one go: after each step the gradebook holds what a person would have written down."""

import shutil

import pytest

from tests.support.resumable_class import read_gradebook
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, NOTEBOOKS, write_exercise
from tests.support.term_course import CANVAS, FULL, GUEST, LINES, Term

WRONG = ANSWERS | {"top_k": "top_k = print"}  # costs 2 points
STRICT = {"describe_photo_modes": "assert False"}  # costs everybody 1 point, until it is mended


@pytest.fixture
def term(tmp_path, fork_server):
    with share_server(fork_server):
        yield Term(tmp_path)


def write_checks(term: Term, changed: dict[str, str]) -> None:
    cells = [(grade_id, points, changed.get(grade_id, source)) for grade_id, points, source in NOTEBOOKS["01_setup"]]
    write_exercise(term.exercise, NOTEBOOKS | {"01_setup": cells})


@pytest.mark.thorough  # test_term.py takes each of its steps alone
def test_a_course_from_the_first_week_to_the_next_term(term, capsys):
    everybody = CANVAS + "".join(LINES.values())
    write_checks(term, STRICT)

    # The first download, with a check that is too strict.
    term.hand_in("a", "b", "c")
    assert term.grade(roster=everybody) == 0
    assert term.read_points() == {"a": FULL - 1, "b": FULL - 1, "c": FULL - 1}

    # Two are graded by hand; then one hands in a single notebook again, which is worse, and one comes late.
    term.give_points("a", 1.5)
    term.give_points("b", 2)
    term.hand_in("b", answers=WRONG, only="04_inference")
    assert term.grade(roster=everybody) == 0
    term.hand_in("d")
    assert term.grade(roster=everybody) == 0
    assert term.read_points() == {"a": FULL + 0.5, "b": FULL - 1, "c": FULL - 1, "d": FULL - 1}

    # The check is mended: for everybody, though the last download held one student.
    write_checks(term, {})
    assert term.grade("--again", "describe_photo", new=False) == 0
    assert term.read_points() == {"a": FULL + 1.5, "b": FULL, "c": FULL, "d": FULL}

    # One leaves, and one joins who has no login yet.
    roster = CANVAS + LINES["a"] + LINES["b"] + LINES["c"] + GUEST
    term.hand_in("1010", answers=WRONG)
    assert term.grade(roster=roster) == 0
    assert term.read_points() == {"a": FULL + 1.5, "b": FULL, "c": FULL, "d": FULL, "1010": FULL - 2}
    assert term.read_export() == {"1000": "5.5", "1001": "4", "1002": "4", "1010": "2"}

    # The folder moves, and what was handed in is archived.
    before = read_gradebook(term.course)
    term.course = term.course.rename(term.folder / "elsewhere")
    shutil.move(term.course / "submitted", term.folder / "archive")
    assert term.grade(new=False) == 0
    assert read_gradebook(term.course) == before
    assert term.read_export() == {"1000": "5.5", "1001": "4", "1002": "4", "1010": "2"}

    # The next term, with one who is there again: not in this folder.
    term.hand_in("a", "e")
    next_term = CANVAS + LINES["a"] + '"E, Student",2000,S7,e,X\n"F, Student",2001,S8,f,X\n'
    capsys.readouterr()
    assert term.grade(roster=next_term) == 2
    assert "needs a folder of its own" in capsys.readouterr().err
    assert read_gradebook(term.course) == before
    term.course = term.folder / "next-term"
    assert term.grade(roster=next_term) == 0
    assert term.read_points() == {"a": FULL, "e": FULL}
