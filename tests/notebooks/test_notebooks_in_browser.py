"""A notebook as a web page, as nbconvert exports it: what its authors wrote can be read by everybody."""

from helpers.grading.commands.run import write_html
from helpers.grading.notebooks.paths import SOLUTIONS, read_notebook
from tests.support.barriers import find_barriers
from tests.support.browser import visit

COLOURS = ("color-contrast", "link-in-text-block")  # those of JupyterLab's theme, in nbconvert's own style sheet


def test_everybody_can_read_an_exported_notebook(browser, tmp_path):
    write_html(read_notebook(SOLUTIONS / "03_preprocessing.ipynb"), tmp_path / "page.html")
    with visit(browser, tmp_path / "page.html") as shown:
        assert shown.page.locator("img").count() > 3
        assert find_barriers(shown, theirs=COLOURS) == []
