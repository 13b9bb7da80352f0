"""Feedback in a real browser: on a phone, a tablet and a desk, light and dark, nothing overflows, errs or fetches."""

import pytest

from helpers.grading.feedback.write import write_feedback
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.barriers import find_barriers
from tests.support.browser import LOOKS, PHONE, visit
from tests.support.feedback_pages import make_full_page
from tests.support.graded_course import NOTEBOOK, make_course, make_record

FULL = "03_preprocessing"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Give the folder of a student's pages, with one of a whole notebook beside them."""
    course = make_course(tmp_path_factory.mktemp("feedback") / "course", ["ada"])
    write_feedback(CourseAssignment(course), ["ada"])
    folder = course / "feedback" / "ada" / ASSIGNMENT
    (folder / f"{FULL}.html").write_text(make_full_page(FULL), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("name", [FULL, "index"])
def test_a_page_is_without_fault(browser, pages, name, width, scheme):
    with visit(browser, pages / f"{name}.html", width=width, scheme=scheme) as shown:
        assert shown.list_faults() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [FULL, NOTEBOOK, "index"])
def test_everybody_can_read_a_page(browser, pages, name, scheme):
    with visit(browser, pages / f"{name}.html", scheme=scheme) as shown:
        assert find_barriers(shown) == []


def read_light(shown, name: str) -> int:
    """Return how light one of the body's colours is, from 0 to 765."""
    numbers = shown.page.evaluate(f"getComputedStyle(document.body).{name}.match(/[0-9]+/g).slice(0, 3)")
    return sum(map(int, numbers))


def test_dark_is_dark_and_light_is_light(browser, pages):
    for name in (FULL, "index"):
        for scheme, is_dark in (("dark", True), ("light", False)):
            with visit(browser, pages / f"{name}.html", scheme=scheme) as shown:
                assert (read_light(shown, "backgroundColor") < read_light(shown, "color")) is is_dark


def test_what_to_do_next_leads_to_the_answer(browser, pages):
    with visit(browser, pages / "index.html", home=pages.as_uri(), width=PHONE) as shown:
        shown.page.click("text=read_labels (optional) >> nth=0")
        assert shown.page.url.endswith(f"{NOTEBOOK}.html#read_labels")
        assert shown.page.locator("#read_labels").is_visible()
        shown.page.click("text=All notebooks")
        assert shown.page.url.endswith("index.html") and shown.errors == []


def test_points_read_as_points_on_a_phone(browser, pages):
    with visit(browser, pages / "index.html", width=PHONE) as shown:
        assert "+ 1 of 3" in shown.page.locator("td.number").all_inner_texts()


def test_folded_answers_look_folded_and_are_printed_unfolded(browser, pages):
    with visit(browser, pages / f"{FULL}.html") as shown:
        folded = shown.page.locator("details").first
        closed = folded.bounding_box()["height"]
        border, marker = (
            folded.evaluate(f"one => getComputedStyle(one{part})") for part in ("", ".querySelector('summary')")
        )
        assert border["borderTopStyle"] == "solid" and marker["cursor"] == "pointer"
        folded.locator("summary").click()
        assert folded.bounding_box()["height"] > closed + 20
        folded.locator("summary").click()
        shown.page.emulate_media(media="print")
        assert folded.bounding_box()["height"] > closed + 20
        assert not shown.page.locator("text=All notebooks").is_visible()


def test_paper_is_white_even_for_those_who_read_in_the_dark(browser, pages):
    with visit(browser, pages / f"{FULL}.html", scheme="dark") as shown:
        shown.page.emulate_media(media="print", color_scheme="dark")
        assert read_light(shown, "backgroundColor") == 765 and read_light(shown, "color") < 200


def test_the_record_s_causes_stand_in_the_index(pages):
    assert make_record("ada").notebooks[0].cells[1].causes[0] == "labels_sorted"
    assert "the order is the meaning" in (pages / "index.html").read_text(encoding="utf-8")
