"""Feedback pages: what students see of their checks, what they never see, and that nothing in a page can run."""

import os
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.checks.causes import CAUSES
from helpers.grading.feedback.private_paths import make_shortener
from helpers.grading.feedback.safe_html import MAX_MARKDOWN, clean_html, clean_markdown
from helpers.grading.feedback.safe_notebooks import sanitize_outputs
from helpers.grading.feedback.write import write_feedback
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT
from helpers.grading.records import IN_PART, MISSING, TAMPERED, UNREADABLE, SubmissionRecord, write_record
from tests.support.feedback_pages import make_page, read_page
from tests.support.graded_course import (
    NOTEBOOK,
    make_course,
    make_failure,
    make_notebook,
    make_record,
    make_report,
    write_submission,
)

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FIGURE = f'<img alt="Four squares" width="864" src="data:image/png;base64,{PIXEL}">'
FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
BAD_HTML = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC='data:image/svg+xml;base64,PHN2Zz4=' ONLOAD=alert(1)>",
    '<img src="data:image/png;base64,AAAA" onload="alert(1)">',
    '<img src="data:image/png;base64,AAAA&quot; onload=&quot;alert(1)">',
    '<img src="http://evil.example/a.png">',
    '<img srcset="//evil.example/a.png 2x">',
    '<table background="http://evil.example/"><tr><td>a</td></tr></table>',
    '<div style="background:url(http://evil.example/)">a</div>',
    '<tr style="text-align: right; background: url(//evil.example)">',
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>go</a>",
    '<a href="&#106;avascript:alert(1)">go</a>',
    "<style>@import 'http://evil.example/a.css';</style>",
    '<link rel="stylesheet" href="http://evil.example/a.css">',
    '<meta http-equiv="refresh" content="0; url=http://evil.example/">',
    '<base href="http://evil.example/">',
    "<form action=http://evil.example/><input type=submit></form>",
    "<object data=http://evil.example/></object><embed src=http://evil.example/>",
    "<details open ontoggle=alert(1)>a</details>",
    "<video><source onerror=alert(1)></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img/src=x/onerror=alert(1)>",
    "<script/src=//evil.example/a.js></script>",
    '"><script>alert(1)</script>',
    "</div></div></body><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<div\x00onmouseover=alert(1)>a</div>",
    "<x onclick=alert(1)>a</x>",
    "<script",
    "<p title='<script>alert(1)</script>'>",
)
BAD_MARKDOWN = (
    *BAD_HTML,
    "[go](javascript:alert(1))",
    "[go](java&#115;cript:alert(1))",
    "[go](<javascript:alert(1)>)",
    "[go](\njavascript:alert(1))",
    "[go](javascript\\:alert(1))",
    "[go](JavaScript&colon;alert(1))",
    "[go](\x01javascript:alert(1))",
    "[go](vbscript:alert(1))",
    "[go][a]\n\n[a]: javascript:alert(1)",
    "[go][a]\n\n[a]:\n  javascript:alert(1)",
    "[go][a]\n\n> [a]: <javascript:alert(1)>",
    "[go][^a]\n\n[^a]: [x](javascript:alert(1))",
    '[go](https://a.example "" onmouseover=alert(1) "")',
    "[[go](https://a.example)](javascript:alert(1))",
    "[go](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](http://evil.example/a.png)",
    "![a][b]\n\n[b]: http://evil.example/a.png",
    "![a](attachment:nothing.png)",
    '![a](x "y" onerror="alert(1))',
    "<http://evil.example/>",
    "```mermaid\n<script>alert(1)</script>\n```",
    '```python" onmouseover="alert(1)\nx\n```',
    "$<img src=x onerror=alert(1)>$",
    "`<script>alert(1)</script>`",
    "# <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


class Danger(HTMLParser):
    """Notes what a page would run or fetch, and links that run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in {
            "script",
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "svg",
            "math",
            "style",
            "video",
            "audio",
        }:
            self.found.append(tag)
        for name, value in attrs:
            text = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            loads = name in {"src", "srcset", "background", "data", "poster", "action"}
            if name.startswith("on") or (loads and not text.startswith(("data:image/png;base64,", "data:image/jpeg;"))):
                self.found.append(f"{tag} {name}={value}")
            if name in {"href", "formaction"} and text.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{tag} {name}={value}")
            if name == "style" and "url(" in text:
                self.found.append(f"{tag} {name}={value}")


def list_dangers(page: str) -> list[str]:
    """Return what a page would run or fetch, its head and this course's own styles left out."""
    parser = Danger()
    parser.feed(page.partition("</head>")[2] or page)
    return parser.found


def show_in_formgrader(notebook) -> str:
    """Return the notebook's part of the page that an instructor gets in formgrader."""
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[str(FORMGRADER)])
    resources = {"index": 0, "total": 1, "base_url": "", "metadata": {"name": "a"}}
    return exporter.from_notebook_node(notebook, resources)[0].partition('id="notebook-container"')[2]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course whose two students have their feedback."""
    folder = make_course(tmp_path_factory.mktemp("feedback") / "course")
    assert [result.problem for result in write_feedback(CourseAssignment(folder), ["ada", "bob"])] == ["", ""]
    return folder


def test_visible_checks_show_their_messages_and_hidden_ones_only_the_cause(course):
    page = read_page(course)
    assert "✔ right." in page and "At grading: another file." in page
    assert "labels_sorted" in page and CAUSES["labels_sorted"][:40] in page
    for secret in ("zebra", "tiger", "check_secret", "HIDDEN TESTS"):
        assert secret not in page


def read_beginning(page: str) -> str:
    """Return what a page says before the notebook begins, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("Your notebook")[0].partition("</head>")[2]).split())


def lose_points(course: Path) -> None:
    """Take ada's points of the visible check away."""
    with open_gradebook(course) as gradebook:
        gradebook.find_grade("read_labels_usual", NOTEBOOK, ASSIGNMENT, "ada").auto_score = 0
        gradebook.db.commit()


def test_a_page_begins_with_what_to_do_next(tmp_path):
    course = make_course(
        tmp_path / "course", ["ada"], notebook=make_notebook(visible_outputs=[make_report("wrong_values")])
    )
    lose_points(course)
    write_feedback(CourseAssignment(course), ["ada"])
    beginning = read_beginning(read_page(course))
    assert re.search(
        r"What to do next read_labels \(optional\) , \+ 0 of 3 points tried w what came zebra expected tiger why .* "
        r"\(wrong_values\) At grading: another file. why .* \(labels_sorted\) Waiting for a person: explain_eval",
        beginning,
    )
    assert beginning.count("tiger") == 1  # of the check in the notebook, not of the hidden one


def test_the_same_cause_is_explained_once(tmp_path):
    course = make_course(
        tmp_path / "course", ["ada"], notebook=make_notebook(visible_outputs=[make_report("labels_sorted")])
    )
    lose_points(course)
    write_feedback(CourseAssignment(course), ["ada"])
    beginning = read_beginning(read_page(course))
    assert beginning.count(CAUSES["labels_sorted"]) == 1 and "The same: labels_sorted." in beginning


def test_an_empty_answer_takes_one_line(tmp_path):
    empty = [make_report("not_answered"), make_failure()]
    page = make_page(tmp_path, hidden_outputs=empty)
    assert "read_labels (optional) , + 1 of 3 points: not answered yet. Waiting" in read_beginning(page)


def test_the_index_tells_empty_from_wrong(tmp_path):
    course = make_course(tmp_path / "course", ["ada"])
    record = make_record("ada")
    (book,) = record.notebooks
    cells = tuple(replace(cell, causes=("not_answered",), points=0.0) for cell in book.cells)
    write_record(CourseAssignment(course).records, replace(record, notebooks=(replace(book, cells=cells),)))
    lose_points(course)
    write_feedback(CourseAssignment(course), ["ada"])
    index = read_page(course, name="index")
    assert "+ 0 of 3: not answered yet." in index and CAUSES["not_answered"] not in index


def test_links_between_notebooks_lead_to_their_pages(tmp_path):
    page = make_page(tmp_path, answer="See [2](02_loading.ipynb) and [this](https://a.example/b.ipynb).")
    assert 'href="02_loading.html"' in page and 'href="https://a.example/b.ipynb"' in page


def test_a_hidden_check_that_passed_says_so(tmp_path):
    course = make_course(tmp_path / "course", ["ada"], notebook=make_notebook(hidden_outputs=[make_report(None)]))
    with open_gradebook(course) as gradebook:
        gradebook.find_grade("read_labels_unusual", NOTEBOOK, ASSIGNMENT, "ada").auto_score = 2
        gradebook.db.commit()
    write_feedback(CourseAssignment(course), ["ada"])
    assert "Passed." in read_page(course)


def test_a_hidden_check_without_points_has_not_passed_whatever_it_displayed(tmp_path):
    page = make_page(tmp_path, hidden_outputs=[make_report(None)])
    assert "Passed." not in page and "Not passed" in page


def test_a_hidden_check_s_error_is_not_told_by_a_name_that_the_student_made_up(tmp_path):
    page = make_page(tmp_path, hidden_outputs=[new_output("error", ename="zebra", evalue="zebra", traceback=["zebra"])])
    assert "zebra" not in page and "stopped with an error" in page


def test_a_report_that_is_none_hurts_nobody(tmp_path):
    course = make_course(tmp_path / "course", ["ada"])
    forged = make_report("labels_sorted")
    for data in ({}, {"failures": 3}, {"failures": [{}]}, {"failures": [{"cause": []}]}, "x"):
        forged.data["application/vnd.exercise-check.v1+json"] = data
        write_submission(course, "ada", make_notebook(hidden_outputs=[forged, make_failure()]))
        assert [result.problem for result in write_feedback(CourseAssignment(course), ["ada"])] == [""]
        assert "Not passed" in read_page(course)


def test_manual_grades_comments_and_penalties_appear(tmp_path):
    course = make_course(tmp_path / "course", ["ada"])
    with open_gradebook(course) as gradebook:
        gradebook.find_grade("explain_eval", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 2.5
        gradebook.find_grade("explain_eval", NOTEBOOK, ASSIGNMENT, "ada").needs_manual_grade = False
        gradebook.find_comment("explain_eval", NOTEBOOK, ASSIGNMENT, "ada").manual_comment = "Well put."
        gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "ada").late_submission_penalty = 0.35
        gradebook.db.commit()
    write_feedback(CourseAssignment(course), ["ada"])
    page, index = read_page(course), read_page(course, name="index")
    total = "2.5 of 3 points + 1 optional, -10 % late: 2.25 + 0.9 optional"
    assert "Well put." in page and "2.5 of 3 points" in page
    assert total in page and total in index and "wait" not in index


def test_the_index_lists_each_exercise_and_links_each_page(course):
    index = read_page(course, name="index")
    assert f'href="{NOTEBOOK}.html"' in index
    assert "0 of 0 points + 1 optional, 3 points wait for a person" in index
    text = re.sub(r"<[^>]+>", " ", index)
    assert re.search(r"read_labels \(optional\)\s+\+ 1 of 3\s+solved in part", text)
    assert re.search(r"explain_eval\s+waits for a person", text)


@pytest.mark.parametrize("status", [IN_PART, TAMPERED])
def test_reasons_stand_at_the_top_as_plain_text(tmp_path, status):
    course = make_course(tmp_path / "course", ["ada"])
    reason = f"The kernel died in <b>cell</b> 3 of {ROOT}/secret/x.py. Not run: read_labels_usual."
    write_record(CourseAssignment(course).records, make_record("ada", status=status, reasons=[reason]))
    write_feedback(CourseAssignment(course), ["ada"])
    for name in (NOTEBOOK, "index"):
        page = read_page(course, name=name)
        assert "&lt;b&gt;cell&lt;/b&gt;" in page and "Not run: read_labels_usual" in page
        assert page.index("Not run") < page.index("read_labels (optional)</")
        assert str(ROOT) not in page and "…/x.py" in page


def test_who_handed_in_nothing_readable_is_told_why_and_who_handed_in_nothing_gets_nothing(tmp_path):
    course = make_course(tmp_path / "course", [])
    records = CourseAssignment(course).records
    write_record(records, SubmissionRecord("ada", UNREADABLE, ("The archive is encrypted.",)))
    write_record(records, SubmissionRecord("bob", MISSING))
    ada, bob, eve = write_feedback(CourseAssignment(course), ["ada", "bob", "eve"])
    assert "The archive is encrypted." in read_page(course, name="index")
    assert ada.archive and bob.archive is None and eve.archive is None


PATHS = {
    f"{ROOT}/.venv/lib/python3.11/site-packages/torch/x.py:12: UserWarning: y": "…/x.py:12: UserWarning: y",
    'File "/home/anna/course/model.py", line 3': 'File "…/model.py", line 3',
    "PATH=/usr/bin:/home/anna/bin": "PATH=…/bin:…/bin",
    "No such file: '/tmp/grade-x1/work/labels.txt'": "No such file: '…/labels.txt'",
    "\x1b[34m/root/x.py\x1b[0m": "…/x.py",
    "file:///home/anna/x.txt": "…/x.txt",
    "'/data/our course/2026/grading'": "'…/grading'",
    "in /data/our course": "in …",
}


@pytest.mark.parametrize(("text", "short"), PATHS.items())
def test_paths_of_the_grading_machine_are_shortened(text, short):
    assert make_shortener(Path("/data/our course"))(text) == short


@pytest.mark.parametrize(
    "text", ["../tmp/x and a/tmp/b", "https://a.example/home/x.pth", "3/4 or km/h", "/work", "/tmpdir"]
)
def test_other_text_stays_as_it_is(text):
    assert make_shortener(Path("/data"))(text) == text


def test_no_page_holds_a_path_of_this_machine(tmp_path):
    secret = f"{ROOT}/solutions/secret.py"
    picture = FIGURE.replace("Four squares", f"{ROOT}/alt.py")
    outputs = [
        new_output("stream", text=f"\x1b[31m{secret}:3: UserWarning"),
        new_output("display_data", {"text/plain": secret}),
        new_output("display_data", {"text/html": f"<b>{secret}</b>"}),
        new_output("display_data", {"text/html": picture}),
        new_output("display_data", {"text/markdown": f"`{secret}`"}),
        new_output("error", ename="OSError", evalue=secret, traceback=[f"at {secret}"]),
    ]
    page = make_page(tmp_path, outputs=outputs)
    assert str(ROOT) not in page and str(tmp_path) not in page
    assert page.count("…/secret.py") >= 4 and PIXEL in page


@pytest.mark.parametrize("text", BAD_HTML)
def test_nothing_is_left_in_html_that_runs_or_fetches(text):
    cleaned = clean_html(text)
    assert list_dangers(cleaned) == []
    assert clean_html(cleaned) == cleaned


def test_figures_tables_and_text_survive():
    assert clean_html(FIGURE) == FIGURE
    assert clean_html(f"<p>a</p>{FIGURE}").count(PIXEL) == 1
    table = (
        '<table border="1" class="dataframe"><tr style="text-align: right;"><td colspan="2">3 &lt; 4</td></tr></table>'
    )
    assert clean_html(f"<div>\n<style scoped>.dataframe {{ a: b }}</style>{table}</div>") == f"<div>\n{table}</div>"
    assert clean_html("<b>a <i>b</b> c") == "<b>a <i>b</i></b> c"
    assert clean_html("1 < 2 & 3 > 2") == "1 &lt; 2 &amp; 3 &gt; 2"


def test_a_student_s_markup_cannot_reach_beyond_its_own_place():
    assert clean_html("</div></td>a<div>") == "a<div></div>"
    assert clean_html('<div class="panel score" id="x">a</div>') == "<div>a</div>"
    assert clean_html("<div>" * 1000).count("<div>") < 100


def render_everywhere(tmp_path: Path, notebook) -> list[str]:
    """Return the notebook's page for students, and the one for instructors."""
    course = make_course(tmp_path / "course", ["ada"], notebook=notebook)
    assert [result.problem for result in write_feedback(CourseAssignment(course), ["ada"])] == [""]
    sanitize_outputs(notebook)
    return [read_page(course), show_in_formgrader(notebook)]


def test_nothing_that_students_write_runs_in_a_page(tmp_path):
    clean = make_notebook()
    dirty = make_notebook()
    for text in BAD_MARKDOWN:
        dirty.cells.append(new_markdown_cell(text))
        outputs = [
            new_output("display_data", {"text/html": text}),
            new_output("display_data", {"text/html": [text]}, metadata={"text/html": {"isolated": True}}),
            new_output("display_data", {"text/markdown": text}),
            new_output("display_data", {"text/latex": text}),
            new_output("display_data", {"image/svg+xml": text}),
            new_output("display_data", {"application/javascript": "alert(1)"}),
            new_output("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": text}}),
            new_output("display_data", {"image/png": f'{PIXEL}"{text}'}),
            new_output("display_data", {"image/png": PIXEL}, metadata={"width": "1 onerror=alert(1)", "alt": text}),
            new_output("display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": text, "width": text}}),
            new_output("stream", text=text),
            new_output("error", ename=text, evalue=text, traceback=[text]),
        ]
        dirty.cells.append(
            new_code_cell(f"'''{text}'''", outputs=outputs, metadata={"tags": [text.replace(",", "")], "alt": text})
        )
    dirty.metadata.update(title="<script>", widgets={"application/vnd.jupyter.widget-state+json": {"a": "</script>"}})
    usual = [list_dangers(page) for page in render_everywhere(tmp_path / "clean", clean)]
    found = [list_dangers(page) for page in render_everywhere(tmp_path / "dirty", dirty)]
    assert found == usual and usual[0] == []


def test_pages_hold_no_script_and_forbid_fetching(course):
    for name in (NOTEBOOK, "index"):
        page = read_page(course, name=name)
        assert (
            "<script" not in page and "default-src 'none'" in page and not re.search(r'(src|href)="(https?:)?//', page)
        )


def test_a_student_s_names_are_escaped(tmp_path):
    course = make_course(tmp_path / "course", ["a <b>&"])
    write_feedback(CourseAssignment(course), ["a <b>&"])
    assert "a &lt;b&gt;&amp;" in read_page(course, "a <b>&", "index")


def test_every_picture_has_an_alternative_text(tmp_path):
    described = new_output("display_data", {"image/jpeg": PIXEL}, metadata={"image/jpeg": {"alt": "A cat"}})
    page = make_page(tmp_path, outputs=[new_output("display_data", {"image/png": PIXEL}), described])
    assert page.count("<img") == page.count("alt=") == 2 and 'alt="A cat"' in page


def test_sanitizing_again_changes_nothing():
    cells = [new_markdown_cell(text) for text in BAD_MARKDOWN]
    cells += [new_code_cell(outputs=[new_output("display_data", {"text/html": text})]) for text in BAD_HTML]
    notebook = new_notebook(cells=cells)
    sanitize_outputs(notebook)
    once = str(notebook)
    sanitize_outputs(notebook)
    assert str(notebook) == once


def test_outputs_that_are_malformed_become_text_and_stop_nobody():
    cell = new_code_cell()
    cell.outputs = [
        {"output_type": "stream"},
        {"output_type": "error", "ename": 3, "evalue": None, "traceback": "x"},
        {"output_type": "display_data", "data": {"text/html": {"a": 1}, "image/png": ["!", 3]}},
        {"output_type": "execute_result", "data": None, "execution_count": "<b>"},
        {"data": {"image/svg+xml": "<svg/>"}},
    ]
    cell.execution_count = "<script>"
    notebook = new_notebook()
    notebook.cells = [from_dict(cell)]  # the constructor would refuse it
    sanitize_outputs(notebook)
    assert notebook.cells[0].execution_count is None
    assert [output.output_type for output in notebook.cells[0].outputs][:2] == ["stream", "error"]
    assert "not shown" in notebook.cells[0].outputs[4].data["text/plain"]


def test_markdown_keeps_text_links_hints_and_pasted_pictures():
    text = "a < b, `x <y>` and [a](https://a.example)\n\n<details><summary>Hint</summary>\n\nThink.\n\n</details>"
    assert clean_markdown(text).replace("\N{ZERO WIDTH SPACE}", "") == text
    assert "<details><summary>Hint</summary>" in clean_markdown(text)
    cell = new_markdown_cell("![shot](attachment:a.png) ![b](attachment:b.png)")
    cell.attachments = {"a.png": {"image/png": PIXEL}, "b.png": {"image/png": '"><script>'}, "c": {}}
    notebook = new_notebook(cells=[cell])
    sanitize_outputs(notebook)
    assert list(notebook.cells[0].attachments) == ["a.png"]
    page = show_in_formgrader(notebook)
    assert page.count(PIXEL) == 1 and list_dangers(page) == []


def test_code_in_endless_lines_is_shown_as_it_is(tmp_path):
    notebook = make_notebook()
    notebook.cells[1].source = "x = a" + ".a" * 20_000 + " < b"
    course = make_course(tmp_path / "course", ["ada"], notebook=notebook)
    write_feedback(CourseAssignment(course), ["ada"])
    assert ".a.a.a &lt; b" in read_page(course)


def test_a_very_long_answer_is_cut_and_says_so():
    assert len(clean_markdown("a" * 10 * MAX_MARKDOWN)) < 2 * MAX_MARKDOWN
    assert "cut off" in clean_markdown("a" * 10 * MAX_MARKDOWN)


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a b='", "<div>", "<b a=1><p>", "&#", "<img a", "</"])
def test_repeated_pieces_of_markup_are_read_to_the_end(piece):
    assert list_dangers(clean_html(piece * 100_000)) == []


def test_the_zip_holds_only_the_student_s_own_pages_and_the_same_bytes_again(course):
    before = (course / "feedback" / "ada-exercise_01.zip").read_bytes()
    with zipfile.ZipFile(course / "feedback" / "ada-exercise_01.zip") as archive:
        assert archive.namelist() == [f"{ASSIGNMENT}/{NOTEBOOK}.html", f"{ASSIGNMENT}/index.html"]
        assert archive.read(f"{ASSIGNMENT}/index.html").decode() == read_page(course, name="index")
        assert "bob" not in archive.read(f"{ASSIGNMENT}/index.html").decode()
    write_feedback(CourseAssignment(course), ["ada"])
    assert (course / "feedback" / "ada-exercise_01.zip").read_bytes() == before


def test_new_pages_replace_all_old_ones_and_leave_nothing_behind(tmp_path):
    course = make_course(tmp_path / "course", ["ada"])
    old = course / "feedback" / "ada" / ASSIGNMENT / "old.html"
    leftover = course / "feedback" / ".ada-exercise_01.new"
    for folder in (old.parent, leftover):
        folder.mkdir(parents=True)
        (folder / "old.html").write_text("old")
    write_feedback(CourseAssignment(course), ["ada"])
    assert not old.exists() and sorted(path.name for path in (course / "feedback").iterdir()) == [
        "ada",
        "ada-exercise_01.zip",
    ]


def test_one_student_s_broken_notebook_stops_nobody_else(tmp_path):
    course = make_course(tmp_path / "course")
    (course / "autograded" / "ada" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").write_text("{")
    ada, bob = write_feedback(CourseAssignment(course), ["ada", "bob"])
    assert ada.archive is None and ada.problem and bob.archive and not bob.problem


def test_a_cell_that_the_gradebook_does_not_know_is_explained(tmp_path):
    notebook = make_notebook()
    notebook.cells[2].metadata.nbgrader.grade_id = "other"
    course = make_course(tmp_path / "course", ["ada"], notebook=notebook)
    assert "no grade for the cell other" in write_feedback(CourseAssignment(course), ["ada"])[0].problem


def test_links_are_not_followed(tmp_path):
    course = make_course(tmp_path / "course")
    os.symlink(
        course / "autograded" / "bob" / ASSIGNMENT / f"{NOTEBOOK}.ipynb",
        course / "autograded" / "ada" / ASSIGNMENT / "02_loading.ipynb",
    )
    write_feedback(CourseAssignment(course), ["ada"])
    assert not (course / "feedback" / "ada" / ASSIGNMENT / "02_loading.html").exists()


@pytest.mark.parametrize("student", ["../eve", "a/b", "", ".", "..", "a\\b", "a:b", ".hidden", "a\nb"])
def test_a_student_s_id_that_is_no_file_name_is_refused(course, student):
    (result,) = write_feedback(CourseAssignment(course), [student])
    assert result.archive is None and "roster" in result.problem


def test_the_submission_that_was_executed_stays_as_it_is(tmp_path):
    course = make_course(tmp_path / "course", ["ada"])
    path = course / "autograded" / "ada" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = path.read_bytes()
    write_feedback(CourseAssignment(course), ["ada"])
    assert path.read_bytes() == before
    write_submission(course, "ada", make_notebook(answer="Other."))
    write_feedback(CourseAssignment(course), ["ada"])
    assert "Other." in read_page(course)
