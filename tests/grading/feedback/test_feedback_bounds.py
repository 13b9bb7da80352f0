"""Feedback ends in time, whatever students wrote; what is left out for that says so, and nothing hidden comes out."""

import copy
import re
import time

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.grading.feedback.bounds import (
    MAX_COLOURED_A_NOTEBOOK,
    MAX_COLOURED_SOURCE,
    MAX_MARKDOWN_A_NOTEBOOK,
    MAX_SOURCE,
    MAX_SOURCE_A_NOTEBOOK,
    CodeColouring,
)
from helpers.grading.feedback.private_paths import make_shortener
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.feedback.write import write_feedback
from helpers.grading.notebooks.assignment import CourseAssignment
from tests.support.feedback_pages import make_page, read_page
from tests.support.graded_course import make_course, make_notebook, write_submission

MAX_CPU_S = 40  # some take 3 s here; without bounds, blank lines alone took 95 s, and brackets 190 s
SLOW = {  # what makes one of the many steps of rendering slow
    "blank lines": (new_code_cell, (" " * 400 + "\n") * 125),
    "one long line": (new_code_cell, " " * 50_000),
    "signs": (new_code_cell, "if a:\n " * 6_000),
    "brackets": (new_markdown_cell, "[" * 20_000),
    "pictures": (new_markdown_cell, "![" * 10_000),
    "list": (new_markdown_cell, "- a\n" * 5_000),
    "ticks and stars": (new_markdown_cell, "`a **b " * 2_500),
    "nested": (new_markdown_cell, "".join("> " * depth + "a\n" for depth in range(200))),
}


@pytest.mark.parametrize("name", SLOW)
def test_forty_slow_cells_hold_nobody_up(tmp_path, name):
    make, text = SLOW[name]
    notebook = make_notebook()
    notebook.cells += [make(f"{number}\n{text}") for number in range(40)]
    course = make_course(tmp_path / "course", ["ada"])
    write_submission(course, "ada", notebook)
    started_s = time.process_time()
    assert [result.problem for result in write_feedback(CourseAssignment(course), ["ada"])] == [""]
    assert time.process_time() - started_s < MAX_CPU_S


@pytest.mark.parametrize("source", ["a = 1\n" + " \n" * 200, "a" * 301, "a\n" * MAX_COLOURED_SOURCE])
def test_what_takes_long_is_not_coloured(source):
    assert not CodeColouring().allows(source)


def test_no_more_code_is_coloured_than_a_notebook_has():
    colouring = CodeColouring()
    allowed = [colouring.allows("a = 1\n" * 1_000) for _ in range(20)]
    assert 6_000 * sum(allowed) == MAX_COLOURED_A_NOTEBOOK and colouring.allows("")


def test_long_code_is_cut_and_says_so(tmp_path):
    notebook = make_notebook()
    notebook.cells += [new_code_cell("spam" * (MAX_SOURCE // 4) + "the end") for _ in range(2)]
    notebook.cells += [new_code_cell("spam" * (MAX_SOURCE // 4)) for _ in range(20)]
    course = make_course(tmp_path / "course", ["ada"])
    write_submission(course, "ada", notebook)
    write_feedback(CourseAssignment(course), ["ada"])
    page = re.sub(r"<[^>]+>", "", read_page(course))  # short code is coloured
    assert "the end" not in page and "only 50,000 characters are shown" in page
    assert "only 100 characters are shown" in page and page.count("spam") * 4 < MAX_SOURCE_A_NOTEBOOK + 20_000


def test_a_hidden_check_stays_hidden_behind_very_long_code(tmp_path):
    notebook = make_notebook()
    flood = [new_code_cell("#" * MAX_SOURCE) for _ in range(10)]
    notebook.cells[:0] = flood
    course = make_course(tmp_path / "course", ["ada"])
    write_submission(course, "ada", notebook)
    write_feedback(CourseAssignment(course), ["ada"])
    assert not any(secret in read_page(course) for secret in ("zebra", "tiger", "check_secret", "HIDDEN"))


def test_a_notebook_s_markdown_is_cut_and_says_so():
    cells = [new_markdown_cell("<b>word</b> <x> [a](b:c) " * 700) for _ in range(10)]
    shown = [new_code_cell("", outputs=[new_output("display_data", {"text/markdown": "word " * 1_000})])]
    notebook = new_notebook(cells=cells + shown)
    sanitize_outputs(notebook)
    texts = [cell.source for cell in notebook.cells[:-1]]
    assert sum(map(len, texts)) < 1.2 * MAX_MARKDOWN_A_NOTEBOOK
    assert all("cut off" in text and text.startswith("<b>word</b>") for text in texts[4:])
    assert "cut off" in notebook.cells[-1].outputs[0].data["text/markdown"]
    again = copy.deepcopy(notebook)
    sanitize_outputs(again)
    assert again == notebook


@pytest.mark.parametrize("sign", ["\x1b[31m", "\x1b[2K", "\x1b[?25l", "\x1b[["])
def test_signs_for_terminals_are_left_out(tmp_path, sign):
    assert make_shortener(tmp_path)(f"a{sign}b") == "ab"
    assert "\x1b" not in make_page(tmp_path, outputs=[new_output("stream", text=f"a{sign}b")])
