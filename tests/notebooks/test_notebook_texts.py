"""Texts of the notebooks: links between them and to documentation, the glossary, and code blocks that are true."""

import io
import re
from contextlib import redirect_stdout
from urllib.error import URLError

import pytest
import torchvision
from tests.support.notebook_cells import NOTEBOOK_NAMES, NOTEBOOKS, read_cells
from PIL import Image
from tests.support.synthetic import write_resnet18

from helpers.grading.notebooks.paths import ROOT

CODE_BLOCK = re.compile(r"^```python\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
HINT = re.compile(r"<details><summary>Hint.*?</details>", flags=re.DOTALL)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=NOTEBOOK_NAMES)


def list_texts(path):
    return [cell for cell in read_cells(path) if cell.cell_type == "markdown"]


def find_text(number, cell_id):
    path = next(path for path in NOTEBOOKS if path.stem.startswith(number))
    return next(cell.source for cell in read_cells(path) if cell.id == cell_id)


@every_notebook
def test_links_between_notebooks_lead_somewhere(path):
    links = {link for cell in list_texts(path) for link in re.findall(r"\]\((\w+\.ipynb)\)", cell.source)}
    assert links <= {notebook.name for notebook in NOTEBOOKS}
    place = NOTEBOOKS.index(path)
    if path != NOTEBOOKS[-1]:
        assert NOTEBOOKS[place + 1].name in links, "the next notebook is not linked"
    if place:
        assert links & {notebook.name for notebook in NOTEBOOKS[:place]}, "no earlier notebook is linked"


@every_notebook
def test_hints_link_to_documentation(path):
    for cell in list_texts(path):
        hints = HINT.findall(cell.source)
        if hints and "`" in hints[-1]:  # it names something that has a documentation
            assert "](https://" in hints[-1], cell.id


def test_words_of_the_glossary_are_explained_before_they_are_used():
    glossary = find_text("01", "how-it-works")
    before, _, table = glossary.partition("<details>")
    first = find_text("01", "title") + before
    terms = [term for row in re.findall(r"^\| ([^|]+) \|", table, flags=re.MULTILINE) for term in row.split(", ")]
    terms = [term for term in terms if term not in ("word", "---")]
    assert {"tensor", "inference", "layer", "convolution", "logit"} <= set(terms)
    assert [term for term in terms if re.search(rf"\b{term}s?\b", first)] == []


def test_the_hub_line_names_the_version_that_is_installed_with_the_course():
    tag = re.search(r"pytorch/vision:v([\d.]+)", find_text("02", "load-from-hub-read"))[1]
    assert f"torchvision=={tag}\n" in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_the_program_with_torchvision_alone_runs(tmp_path, monkeypatch):
    write_resnet18(tmp_path)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    Image.effect_noise((320, 240), 60).save("dog.jpg")
    program = CODE_BLOCK.search(find_text("07", "torchvision-alone"))[1]
    small = program.replace("ResNet50", "ResNet18").replace("resnet50", "resnet18").replace("_V2", "_V1")
    with redirect_stdout(io.StringIO()) as printed:
        exec(small, {})
    lines = printed.getvalue().splitlines()
    assert len(lines) == 5
    assert all(re.fullmatch(r".+ +\d+\.\d%", line) for line in lines)


def test_pretrained_gives_the_first_weights(monkeypatch):
    asked = []

    def note(entry, *args, **kwargs):
        asked.append(entry.name)
        raise URLError("no network in this test")

    monkeypatch.setattr(torchvision.models.ResNet50_Weights, "get_state_dict", note)
    with pytest.warns(UserWarning) as caught, pytest.raises(URLError):
        torchvision.models.resnet50(pretrained=True)
    assert asked == ["IMAGENET1K_V1"]
    assert len(caught) == 2
