"""nbgrader's API on this course: in the repository, or in a scratch folder with the same settings."""

import contextlib
import io
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from helpers.grading.errors import GradingError
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT, SOLUTIONS, list_notebooks


def get_db_url(root: Path) -> str:
    """Return the address of the gradebook of the course in `root`."""
    return f"sqlite:///{Path(root).resolve() / 'gradebook.db'}"


def read_settings() -> Config:
    """Return the repository's settings for nbgrader."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()


def open_course(root: Path, *, source: Path | None = None, release: Path | None = None) -> NbGraderAPI:
    """Return nbgrader's API with this course's settings, all folders below `root` (created if missing).

    `source` and `release` are other folders for the instructor's and the students' notebooks.
    """
    config = read_settings()
    root = Path(root).resolve()
    root.mkdir(parents=True, exist_ok=True)
    config.CourseDirectory.root = str(root)
    for step in ("submitted", "autograded", "feedback"):
        config.CourseDirectory[f"{step}_directory"] = step
    # Said here too: the settings look for solutions/ in the working folder, which is formgrader's course, not this one.
    config.CourseDirectory.source_directory = str(source or "solutions")
    config.CourseDirectory.release_directory = str(release or "notebooks")
    config.CourseDirectory.db_url = get_db_url(root)
    stamp_gradebook(root)
    config.merge(Config({"NbGrader": {"log_level": logging.WARNING}}))
    return NbGraderAPI(config=config)


def open_gradebook(course: Path) -> Gradebook:
    """Open the course's gradebook, which is made if it is not there; use it in a `with` statement.

    Under another course's name nbgrader would write that course into it first, which processes that only read
    would do at the same time.
    """
    stamp_gradebook(course)
    return Gradebook(get_db_url(course), "pytorch-inference")


def stamp_gradebook(root: Path) -> None:
    """Note in a gradebook that is still empty which schema it will have.

    nbgrader would start `alembic` by its bare name for that, a second Python that takes seconds.
    """
    engine = create_engine(get_db_url(root))
    if not inspect(engine).get_table_names():
        with engine.begin() as connection:
            MigrationContext.configure(connection).stamp(ScriptDirectory(ALEMBIC_DIR), "head")
    engine.dispose()


def make_scratch_course(root: Path, assignment: str = ASSIGNMENT, *, solutions: Path = SOLUTIONS.parent) -> NbGraderAPI:
    """Empty `root`, copy an assignment's notebooks of `solutions` into it, release them there, and return its API."""
    shutil.rmtree(root, ignore_errors=True)
    source = Path(root) / "solutions" / assignment
    source.mkdir(parents=True)
    for notebook in list_notebooks(solutions / assignment):
        shutil.copy(notebook, source)
    api = open_course(root)
    run_step(api.generate_assignment, assignment, force=True, create=True)
    return api


def run_step(step, *arguments, **options) -> None:
    """Call one of the API's steps; raise GradingError with its log if it did not succeed."""
    with quiet():
        result = step(*arguments, **options)
    if not result["success"]:
        raise GradingError(f"nbgrader could not finish:\n{result.get('log') or ''}\n{result.get('error') or ''}")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what nbgrader and the validator print out of the terminal."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield
