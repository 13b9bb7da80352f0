"""The safeguard against `nbgrader autograde` in a course's folder: the repository may move, and it fails closed."""

import importlib.util
import sys
from pathlib import Path

import pytest
from traitlets.config.loader import PyFileConfigLoader

from helpers.grading.course.settings import EXPORTER, NAME, WRITTEN, write_settings
from helpers.grading.errors import GradingError
from helpers.grading.gradebook.open import run_step
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT

OF_BEFORE = "# Written by `make grade`, for formgrader in this folder.\nload_subconfig({!r})\n"


def load(course: Path):
    return PyFileConfigLoader(NAME, path=str(course)).load_config()


def test_no_path_of_the_repository_is_kept(tmp_path):
    write_settings(tmp_path)
    assert str(ROOT) not in (tmp_path / NAME).read_text(encoding="utf-8")
    config = load(tmp_path)
    assert config.Autograde.exporter_class == EXPORTER
    assert config.LatePolicy.most_percent == 50  # the repository's own settings hold as well


def test_settings_that_lead_to_where_the_repository_was_are_written_anew(tmp_path):
    (tmp_path / NAME).write_text(OF_BEFORE.format("/gone/nbgrader_config.py"), encoding="utf-8")
    write_settings(tmp_path)
    assert load(tmp_path).Autograde.exporter_class == EXPORTER


def test_settings_that_name_a_plug_in_where_it_was_are_written_anew(tmp_path):
    (tmp_path / NAME).write_text(WRITTEN.replace("nbgrader_plugins.", "plugins."), encoding="utf-8")
    write_settings(tmp_path)
    assert (tmp_path / NAME).read_text(encoding="utf-8") == WRITTEN


def test_without_the_repository_nothing_runs_and_nothing_hidden_is_shown(tmp_path, monkeypatch):
    write_settings(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    config = load(tmp_path)
    assert config.Autograde.exporter_class == EXPORTER
    assert "helpers.grading.feedback.steps.SummarizeHiddenChecks" in config.GenerateFeedback.preprocessors
    assert "LatePolicy" not in config


@pytest.mark.parametrize("step", ["autograde", "generate_feedback"])
def test_nbgrader_stops_when_the_safeguard_cannot_be_loaded(tmp_path, monkeypatch, step):
    from nbgrader.apps import NbGraderAPI

    write_settings(tmp_path)
    config = load(tmp_path)
    config.CourseDirectory.root = str(tmp_path)
    folder = tmp_path / ("submitted" if step == "autograde" else "autograded") / "s1" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / "01_setup.ipynb").write_text("{}", encoding="utf-8")
    for module in ("helpers.grading.nbgrader_plugins", "helpers.grading.feedback.steps"):
        monkeypatch.setitem(sys.modules, module, None)
    api = NbGraderAPI(config=config)
    with pytest.raises(Exception, match=r"plugins|steps|could not be imported"):
        run_step(getattr(api, step), ASSIGNMENT, "s1")
    assert not (tmp_path / "feedback" / "s1").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("c = get_config()\n", "lets it"),
        ("load_subconfig('/gone/nbgrader_config.py')\nx = 1\n", "lets it"),
        ("1 / 0\n", "cannot be read"),
    ],
)
def test_settings_of_ones_own_that_would_run_submitted_code_are_refused(tmp_path, text, words):
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(GradingError, match=words):
        write_settings(tmp_path)
    assert (tmp_path / NAME).read_text(encoding="utf-8") == text
