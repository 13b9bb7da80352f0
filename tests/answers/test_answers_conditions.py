"""Other conditions for the corpus: they really are others, and they end with the run."""

import shutil
import subprocess

import pytest

from helpers.grading.answering.fork_server import make_environment
from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.notebooks.paths import ROOT
from helpers.grading.whole_class import workers
from tests.answers.conditions import Conditions, change_seeds, change_seeds_of_checks, keep_busy, start_worker
from tests.answers.grading import make_exercise


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("check(f, sizes=[2], seed=7)", "check(f, sizes=[2], seed=12)"),
        ("def check(f, *, seed: int = 4) -> None:", "def check(f, *, seed: int = 9) -> None:"),
        ("torch.Generator().manual_seed(0)", "torch.Generator().manual_seed(5)"),
        ("make(seed=seed)\nrandom = default_rng(seed)", "make(seed=seed)\nrandom = default_rng(seed)"),
        ("cases=[(224, 224)], exceed=3", "cases=[(224, 224)], exceed=3"),
    ],
)
def test_seeds_are_changed_and_nothing_else(source, changed):
    assert change_seeds(source, 5) == changed
    assert change_seeds(source, 0) == source


def test_the_modules_and_cells_of_checks_get_other_seeds(tmp_path):
    for room in ("checks", "line"):
        shutil.copytree(ROOT / "helpers" / room, tmp_path / "helpers" / room)
    change_seeds_of_checks(tmp_path, 5)
    changed = [
        path.name
        for path in (tmp_path / "helpers").rglob("*.py")
        if path.read_text(encoding="utf-8") != (ROOT / path.relative_to(tmp_path)).read_text(encoding="utf-8")
    ]
    assert {"guard.py", "predict_logits.py", "same_answers.py"} <= set(changed)
    usual, other = (make_exercise("undo_normalize", seed=seed).cells for seed in (0, 5))
    assert [name for name, cell in usual.items() if cell.source != other[name].source] == ["undo_normalize_usual"]


def test_a_worker_gives_submitted_code_its_threads(tmp_path, monkeypatch):
    monkeypatch.setitem(HEADLESS_ENVIRONMENT, "OMP_NUM_THREADS", "1")
    monkeypatch.setattr(workers, "start_worker", lambda settings: None)
    start_worker(workers.GradingSettings(tmp_path, "none"), Conditions(threads=2))
    assert make_environment(tmp_path)["OMP_NUM_THREADS"] == "2"


def test_busy_processes_end(monkeypatch):
    started = []
    start = subprocess.Popen

    def note(command):
        started.append(start(command))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", note)
    with keep_busy(2):
        assert [process.poll() for process in started] == [None, None]
    assert all(process.returncode is not None for process in started)
