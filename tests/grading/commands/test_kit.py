"""The zip that students get: complete, nothing of the instructor's, and it runs after pip alone."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from helpers.grading.commands.demonstration_class import write_submission
from helpers.grading.commands.kit import list_kit_files, write_kit
from helpers.grading.notebooks.paths import ASSIGNMENT, list_notebooks

FORBIDDEN_NAMES = ("solutions", "grading", "tests", "nbgrader_config", "gradebook", "demonstration")
FORBIDDEN_TEXTS = ("BEGIN SOLUTION", "BEGIN HIDDEN", "BEGIN MARK", "gradebook.db")


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(write_kit(target=folder / "kit.zip")) as archive:
        archive.extractall(folder)
    return folder / ASSIGNMENT


def test_kit_holds_nothing_of_the_instructors(kit):
    files = [path for path in kit.rglob("*") if path.is_file()]
    for path in files:
        assert not any(part in path.relative_to(kit).as_posix() for part in FORBIDDEN_NAMES), path
        text = path.read_text(encoding="utf-8")
        assert not any(marker in text for marker in FORBIDDEN_TEXTS), path
    assert {path.name for path in files} >= {
        "README.md",
        "pyproject.toml",
        "constraints.txt",
        "environment.yml",
        "LICENSE",
    }
    assert (kit / "helpers" / "py.typed") in files


def test_writing_the_kit_twice_gives_the_same_bytes(tmp_path):
    assert write_kit(target=tmp_path / "a.zip").read_bytes() == write_kit(target=tmp_path / "b.zip").read_bytes()


def test_kit_files_exist():
    assert all(path.is_file() for path in list_kit_files().values())
    assert sum(name.endswith(".ipynb") for name in list_kit_files()) == len(list_notebooks())


@pytest.fixture(scope="module")
def student_python(kit):
    """Install the kit with pip alone into a new environment, without a network.

    What pip would fetch, and pip itself, is already on this machine: a .pth file shows it to the new environment. pip
    still resolves every requirement of the kit, and installs the kit itself. PYTHONPATH, which could show the
    repository's own `helpers` to it, does not hold there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH", raising=False)
        yield install_kit(kit)


def install_kit(kit):
    """Return the Python of a new environment that holds the kit."""
    environment = kit.parent / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    folder = "Scripts" if os.name == "nt" else "bin"
    python = environment / folder / "python"
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    Path(packages, "already_here.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    command = [python, "-m", "pip", "install", "--no-index", "--no-build-isolation", "-c", "constraints.txt", "."]
    result = subprocess.run(command, cwd=kit, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return python


def test_kit_installs_its_own_helpers(kit, student_python):
    command = [student_python, "-c", "import helpers, helpers.models.hub; print(helpers.__file__)"]
    shown = subprocess.run(command, cwd=kit.parent, check=True, capture_output=True, text=True).stdout
    assert Path(shown.strip()).is_relative_to(kit.parent / "environment")


def run_notebook(python, folder, name, *, allow_errors):
    command = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--stdout", name]
    if allow_errors:
        command.append("--allow-errors")
    environment = os.environ | {"EXERCISE_PROGRESS": "off", "OMP_NUM_THREADS": "1"}
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout)


def test_first_notebook_runs_as_given_out(kit, student_python):
    notebook = run_notebook(student_python, kit / "notebooks" / ASSIGNMENT, "01_setup.ipynb", allow_errors=True)
    errors = {
        output["ename"]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    }
    assert errors == {"NotImplementedError", "CheckFailed"}


@pytest.mark.thorough  # test_demo.py grades it solved
def test_first_notebook_runs_when_solved(kit, student_python, tmp_path):
    write_submission(tmp_path, kit / "notebooks" / ASSIGNMENT, {"solved": True})
    run_notebook(student_python, tmp_path, "01_setup.ipynb", allow_errors=False)
