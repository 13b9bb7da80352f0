"""nbval compares the stored outputs of every solution notebook, and sees it when one is altered."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from tests.support.notebook_cells import NOTEBOOKS

from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.notebooks.paths import ROOT, read_notebook

# nbval imports nbformat, which would build a grammar for 3 CPU-s; helpers.grading does without.
PYTEST = "import sys, helpers.grading, pytest; sys.exit(pytest.main(sys.argv[1:]))"
SANITIZE = Path(__file__).with_name("nbval_sanitize.cfg")


def validate(path):
    options = ["--nbval", "--nbval-sanitize-with", str(SANITIZE), "-q", "-p", "no:cacheprovider"]
    command = [sys.executable, "-c", PYTEST, *options, str(path)]
    environment = os.environ | HEADLESS_ENVIRONMENT | {"EXERCISE_PROFILE": "short"}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)


QUICK = ("01_setup", "07_app")  # the first steps, and the one that uses what all others teach
PATHS = [
    pytest.param(path, id=path.stem, marks=[] if path.stem in QUICK else pytest.mark.thorough) for path in NOTEBOOKS
]


@pytest.mark.parametrize("path", PATHS)
def test_stored_outputs_are_those_of_a_fresh_run(path):
    result = validate(path)
    assert result.returncode == 0, result.stdout[-4000:]


def test_an_altered_output_is_seen(tmp_path):
    notebook = read_notebook(NOTEBOOKS[0])
    place, cell = next((place, cell) for place, cell in enumerate(notebook.cells) if cell.id == "use-both")
    del notebook.cells[place + 1 :]
    assert "[0, 2]" in cell.outputs[0].text
    cell.outputs[0].text = cell.outputs[0].text.replace("[0, 2]", "[0, 1]")
    path = tmp_path / NOTEBOOKS[0].name
    nbformat.write(notebook, path)
    result = validate(path)
    assert result.returncode == 1
    assert "1 failed" in result.stdout
