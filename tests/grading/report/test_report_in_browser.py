"""The class report in a real browser: it fits, it can be sorted and searched, and what students wrote stays text."""

import pytest

from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import MISSING, TAMPERED, Student, SubmissionRecord
from helpers.grading.report.write import write_report
from tests.support.barriers import find_barriers
from tests.support.browser import LOOKS, PHONE, visit
from tests.support.graded_course import make_course, make_record

HOSTILE = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
LONG = "long" * 60
STUDENTS = [Student("ada", "Ada", "Zett"), Student("bob", "Bob", "Ash"), Student("mia", "Mia", HOSTILE)]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Give the report of a class with everything that a report can show."""
    course = make_course(tmp_path_factory.mktemp("report") / "course")
    (course / "feedback" / "ada" / ASSIGNMENT).mkdir(parents=True)
    (course / "feedback" / "ada" / ASSIGNMENT / "index.html").write_text("Ada's feedback")
    records = {name: make_record(name) for name in ("ada", "bob", LONG)}
    records["mia"] = SubmissionRecord("mia", MISSING)
    records["eve"] = make_record("eve", status=TAMPERED, reasons=[HOSTILE, LONG])
    return write_report(CourseAssignment(course), STUDENTS, records, notes=[HOSTILE, LONG], wall_s=3.0)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_report_is_without_fault(browser, report, width, scheme):
    with visit(browser, report, width=width, scheme=scheme) as shown:
        assert shown.list_faults() == []
        assert shown.page.title() == "Class report: Exercise 01"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_the_report(browser, report, scheme):
    with visit(browser, report, scheme=scheme) as shown:
        assert find_barriers(shown) == []


def list_names(shown) -> list[str]:
    """Return the names in the table of students that can be seen, from top to bottom."""
    names = shown.page.locator("#students tbody tr:visible td:first-child").all_inner_texts()
    return [name.splitlines()[0] for name in names]


def test_the_students_can_be_sorted(browser, report):
    with visit(browser, report) as shown:
        before = list_names(shown)
        shown.page.click("#students th:nth-child(1) button")
        up = list_names(shown)
        assert up.index("Ash, Bob") < up.index("Zett, Ada") and sorted(before) == sorted(up)
        shown.page.click("#students th:nth-child(1) button")
        assert list_names(shown) == up[::-1]
        shown.page.click("#students th:nth-child(5) button")  # what waits: numbers, and who has none comes first
        assert list_names(shown)[-2:] != list_names(shown)[:2]
        assert shown.page.get_attribute("#students th:nth-child(5)", "aria-sort") == "ascending"


def test_the_students_can_be_searched(browser, report):
    with visit(browser, report, width=PHONE) as shown:
        shown.page.fill("#search", "zETT")
        assert list_names(shown) == ["Zett, Ada"]
        shown.page.fill("#search", "missing")
        assert len(list_names(shown)) == 1
        shown.page.fill("#search", "")
        assert len(list_names(shown)) == 5


def test_a_name_leads_to_the_feedback(browser, report):
    with visit(browser, report, home=report.parents[2].as_uri()) as shown:
        shown.page.click("text=Zett, Ada")
        assert "Ada's feedback" in shown.page.inner_text("body") and shown.errors == []


def test_a_foreign_script_would_not_run(browser, report, tmp_path):
    page = report.read_text(encoding="utf-8").replace("<h1>", f"{HOSTILE}<h1>", 1)
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    with visit(browser, tmp_path / "report.html") as shown:
        assert shown.page.title() == "Class report: Exercise 01"
        assert any("Content Security Policy" in text for text in shown.errors)


def test_without_script_all_can_be_read(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#students tbody tr").count() == 5 and not page.locator("#search").is_visible()
    assert page.locator("#students th button").count() == 0
    context.close()
