"""The Makefile: what it lists, what each target would run, and how it sets up .venv (nothing is installed here)."""

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):", TEXT, re.MULTILINE)
NEED_NO_VENV = {"help", "clean"}
COMMANDS = {
    "demo": "-m helpers.grading.commands.demo",
    "test": "-m pytest",
    "test-all": "-m pytest",
    "look": "-m helpers.grading.commands.look",
    "grade": "-m helpers.grading.commands.grade",
    "explain": "-m helpers.grading.commands.explain",
    "formgrader": "-m jupyter lab",
    "feedback": "-m helpers.grading.commands.feedback",
    "report": "-m helpers.grading.commands.feedback",
    "test-answers": "-m tests.answers",
    "test-mutants": "-m tests.answers.mutants",
    "fuzz": "-m pytest -q tests/line/test_line_fuzz.py",
    "hostile": "-m tests.hostile",
    "lab": "-m jupyter lab",
    "run": "-m helpers.grading.commands.run",
    "refresh": "-m helpers.grading.commands.refresh",
    "release": "-m helpers.grading.commands.release",
    "kit": "-m helpers.grading.commands.kit",
    "validate": "-m pytest --nbval",
    "bench": "-m tests.bench_app",
    "bench-grading": "-m tests.bench_grading",
    "bench-class": "-m tests.bench_grading.large",
    "lint": "-m ruff check",
    "weights": "-m helpers.weights resnet50 resnet18",
    "constraints": "-m pip freeze",
}

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed here")


@pytest.fixture(params=["course", "Ana's course"])
def clone(request, tmp_path) -> Path:
    """What setup reads, in a fresh folder; once with a space and an apostrophe in its name."""
    folder = tmp_path / request.param
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def run_make(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run make in `folder` without the settings of a make that may have started these tests."""
    settings = ("MAKE", "MFLAGS", "PYTHON", "TORCH_INDEX", "MODELS", "MIRROR", "PYTEST_ARGS", "LAB_ARGS", "BENCH_ARGS")
    env = {key: value for key, value in os.environ.items() if not key.startswith(settings)}
    return subprocess.run(["make", *arguments], cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=60)


def make_fake_venv(folder: Path, *, index: str = "default") -> None:
    """Lay down what a finished setup leaves behind, as far as make looks at it."""
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (folder / ".venv" / ".built-for").write_text(f"{index} {folder.resolve()}\n", encoding="utf-8")
    (folder / ".venv" / ".stamp").touch()


def write_fake_python(folder: Path, *, version: str, status: int) -> str:
    """A script that calls itself Python `version` and ends every other call with `status`."""
    path = folder / "fake-python"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo Python {version} && exit 0\nexit {status}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_plain_make_lists_every_target(clone):
    """One line a target, and nothing happens."""
    result = run_make(clone)
    listed = re.findall(r"^  make ([a-z-]+) +\S.*$", result.stdout, re.MULTILINE)
    assert result.returncode == 0, result.stderr
    assert listed == TARGETS
    assert not (clone / ".venv").exists()


def test_every_target_is_documented_and_phony():
    """A target without `## ` would be missing from the list."""
    documented = re.findall(r"^([a-z-]+):.*## \S", TEXT, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (help(?:.*\\\n)?.*)$", TEXT, re.MULTILINE).group(1).replace("\\", "").split()
    assert documented == TARGETS
    assert sorted(phony) == sorted(TARGETS)
    assert sorted({"setup", *COMMANDS, *NEED_NO_VENV}) == sorted(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_target_sets_up_by_itself(clone, target):
    """In a fresh folder every target that needs .venv builds it first, then runs its own command."""
    result = run_make(clone, "-n", target)
    assert result.returncode == 0, result.stderr
    assert ("pip install" in result.stdout) == (target not in NEED_NO_VENV)
    assert COMMANDS.get(target, "") in result.stdout.partition("touch .venv/.stamp")[2]


def test_all_tests_are_more_than_the_usual_ones(clone):
    """What `make test` leaves out, `make test-all` runs; both take further choices."""
    usual, everything = (run_make(clone, "-n", name, "PYTEST_ARGS=-k x").stdout for name in ("test", "test-all"))
    assert '-m "not thorough" -k x' in usual
    assert "thorough" not in everything and everything.endswith("-k x\n")


@pytest.mark.parametrize("target", ["grade", "look"])
def test_what_is_given_is_handed_on(clone, target):
    given = {
        "SUBMISSIONS": "a b.zip",
        "MAP": "f.csv",
        "ROSTER": "r.csv",
        "ZONE": "Europe/Berlin",
        "TEAMS": "t.csv",
        "DUE": "x y",
    }
    given |= {"ROSTER_COLUMNS": "id=Kennung,name=Voller Name"} | ({"AGAIN": "all"} if target == "grade" else {})
    command = run_make(clone, "-n", target, *(f"{name}={value}" for name, value in given.items())).stdout
    command = " ".join(command.replace("\\\n", " ").split())
    for name, value in given.items():
        option = "" if name == "SUBMISSIONS" else f"--{name.lower().replace('_', '-')} "
        assert f'{option}"{value}"' in command


def test_setup_runs_once(clone):
    """With the stamp there, nothing is installed again, whatever the target."""
    make_fake_venv(clone)
    assert run_make(clone, "-q", ".venv/.stamp").returncode == 0
    assert "pip" not in run_make(clone, "-n", "setup", "demo", "test").stdout


def test_setup_runs_again_when_versions_change(clone):
    """A newer pyproject.toml or constraints.txt means installing, into the same .venv."""
    make_fake_venv(clone)
    later = (clone / ".venv" / ".stamp").stat().st_mtime + 5
    os.utime(clone / "constraints.txt", (later, later))
    assert "pip install -c constraints.txt -e '.[dev]'" in run_make(clone, "-n", "test").stdout


@pytest.mark.parametrize("damage", ["moved", "no python"])
def test_setup_runs_again_when_venv_is_useless(clone, damage):
    """A folder that was moved has a .venv that points elsewhere; a removed Python leaves a dead link."""
    make_fake_venv(clone)
    if damage == "moved":
        clone = clone.rename(clone.parent / "moved")
    else:
        (clone / ".venv" / "bin" / "python").unlink()
    assert "pip install" in run_make(clone, "-n", "test").stdout


def test_torch_index_serves_torch_and_torchvision_only(clone):
    """The other index gives the two that must match; the rest comes from the usual place."""
    url = "https://wheels.example/cpu"
    lines = run_make(clone, "-n", "setup", f"TORCH_INDEX={url}").stdout.splitlines()
    first, second = [line for line in lines if "pip install" in line]
    assert first.endswith(f"-c constraints.txt --no-deps --index-url '{url}' torch torchvision")
    assert second.endswith("-c constraints.txt -e '.[dev]'")


def test_torch_index_is_remembered(clone):
    """Later calls need not name it again; another one means building .venv anew."""
    url = "https://wheels.example/cpu"
    make_fake_venv(clone, index=url)
    assert "pip install" not in run_make(clone, "-n", "test").stdout
    assert "pip install" not in run_make(clone, "-n", "test", f"TORCH_INDEX={url}").stdout
    assert "--index-url" in run_make(clone, "-n", "test", "TORCH_INDEX=https://wheels.example/gpu").stdout
    assert "--index-url" not in run_make(clone, "-n", "test", "TORCH_INDEX=default").stdout


def test_old_python_gets_a_clear_error(clone):
    """The message names what was found, what is needed, and what to type; nothing is left behind."""
    python = write_fake_python(clone, version="3.9.6", status=1)
    result = run_make(clone, "test", f"PYTHON={python}")
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "Python 3.9.6" in result.stderr
    assert "make setup PYTHON=" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (clone / ".venv").exists()


def test_a_limit_of_processor_time_is_named(clone):
    """Shared computers have such limits; pip would be killed halfway, without a word."""
    command = f"ulimit -t 7; exec make setup PYTHON='{sys.executable}'"
    result = subprocess.run(["sh", "-c", command], cwd=clone, capture_output=True, encoding="utf-8", timeout=60)
    assert result.returncode != 0
    assert re.search(r"ended after \d s of processor time", result.stderr)
    assert "where there is no such limit" in result.stderr
    assert not (clone / ".venv").exists()


def test_python_version_is_that_of_pyproject():
    """The number stands in the Makefile too: pip is not there yet to read it from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    major, minor = project["requires-python"].removeprefix(">=").split(".")
    assert set(re.findall(r"version_info < \((\d+, \d+)\)", TEXT)) == {f"{major}, {minor}"}
    assert f"Python {major}.{minor} or newer" in TEXT


def test_weights_takes_models_and_mirror(clone):
    """Both settings reach the command line."""
    make_fake_venv(clone)
    command = run_make(clone, "-n", "weights", "MODELS=resnet18", "MIRROR=http://classroom:8000").stdout
    assert '-m helpers.weights resnet18 --mirror "http://classroom:8000"' in command


def test_continuous_integration_runs_make_test_all():
    """What a fork's automatic tests do is what everybody can do at home."""
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["bash .ci/browser", "make test-all"]
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert "run: bash .ci/run" in workflow
