"""nbgrader's API on this course: in the repository, or in a scratch folder with the same settings."""

import contextlib
import io
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.grading.notebooks import ASSIGNMENT, ROOT, SOLUTIONS, list_notebooks


class GradingError(RuntimeError):
    """nbgrader could not do its work; the message holds what it logged."""


def open_course(root: Path) -> NbGraderAPI:
    """Return nbgrader's API with this course's settings, all folders below `root` (created if missing)."""
    put_environment_on_path()
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    root = Path(root).resolve()
    root.mkdir(parents=True, exist_ok=True)
    config.CourseDirectory.root = str(root)
    for step in ("submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = step
    config.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
    config.merge(Config({"NbGrader": {"log_level": logging.WARNING}}))
    return NbGraderAPI(config=config)


def put_environment_on_path() -> None:
    """Let nbgrader find this environment's `alembic`, which it starts by name to make a gradebook."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ.get("PATH", "")


def make_scratch_course(root: Path) -> NbGraderAPI:
    """Empty `root`, copy the solution notebooks into it, release them there, and return its API."""
    shutil.rmtree(root, ignore_errors=True)
    source = Path(root) / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    for notebook in list_notebooks(SOLUTIONS):
        shutil.copy(notebook, source)
    api = open_course(root)
    run_step(api.generate_assignment, ASSIGNMENT, force=True, create=True)
    return api


def run_step(step, *arguments, **options) -> None:
    """Call one of the API's steps; raise GradingError with its log if it did not succeed."""
    with quiet():
        result = step(*arguments, **options)
    if not result["success"]:
        raise GradingError(f"nbgrader could not finish:\n{result.get('log') or ''}\n{result.get('error') or ''}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what nbgrader, alembic and the validator print out of the terminal."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
