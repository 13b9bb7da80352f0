"""The notebooks run with another MODEL, from a cached checkpoint, without a network."""

import os
import re
import subprocess
import sys

import nbformat
import pytest
from tests.support.notebook_cells import NOTEBOOKS
from tests.support.synthetic import write_resnet18

from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.notebooks.paths import read_notebook

SETTING = 'MODEL = "efficientnet_lite0"'
NOTEBOOKS_WITH_MODEL = [path for path in NOTEBOOKS if any(SETTING in cell.source for cell in read_notebook(path).cells)]
RUN = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]


@pytest.fixture(scope="module")
def torch_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("torch_home")
    write_resnet18(folder)
    return folder


@pytest.mark.thorough  # test_models.py loads other architectures, and test_validate.py runs notebooks
@pytest.mark.parametrize("path", NOTEBOOKS_WITH_MODEL, ids=lambda path: path.stem)
def test_notebook_runs_with_resnet18(path, tmp_path, torch_home):
    notebook = read_notebook(path)
    setting = next(cell for cell in notebook.cells if SETTING in cell.source)
    setting.source = setting.source.replace(SETTING, 'MODEL = "resnet18"')
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    environment = os.environ | HEADLESS_ENVIRONMENT | {"TORCH_HOME": str(torch_home), "EXERCISE_PROFILE": "short"}
    result = subprocess.run([*RUN, copy], capture_output=True, text=True, env=environment)
    assert result.returncode == 0, result.stderr[-3000:]
    texts = re.findall(r"resnet18", copy.read_text(encoding="utf-8"))
    assert len(texts) > 1, "the notebook does not say which model it used"


def test_notebooks_2_to_4_have_the_setting():
    assert {"02_loading", "03_preprocessing", "04_inference"} <= {path.stem for path in NOTEBOOKS_WITH_MODEL}
