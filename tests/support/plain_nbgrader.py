"""nbgrader as it comes, without this course's settings, in a scratch folder: what the harness is compared with."""

import csv
import io
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.plugins import CsvExportPlugin
from nbgrader.utils import capture_log
from traitlets.config import Config

from helpers.grading.gradebook.open import get_db_url, quiet, run_step, stamp_gradebook
from helpers.grading.notebooks.paths import ASSIGNMENT

CELL_S = 60  # enough on a busy machine too


class PlainCourse:
    """A course of nbgrader's own making, below `root`, where solutions/ and submitted/ lie already."""

    def __init__(self, root: Path, *, cell_s: int = CELL_S) -> None:
        stamp_gradebook(root)
        config = Config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.source_directory = "solutions"
        config.CourseDirectory.release_directory = "released"
        config.CourseDirectory.db_url = get_db_url(root)
        config.Execute.timeout = cell_s
        config.NbGrader.log_level = 40
        self.root, self._api = root, NbGraderAPI(config=config)
        run_step(self._api.generate_assignment, ASSIGNMENT, force=True, create=True)

    def autograde(self, student: str = "*") -> bool:
        """Grade one student, or all of them in one go as the command does; return whether nbgrader was content."""
        return self._convert(Autograde, student)

    def write_feedback(self, student: str) -> dict[str, str]:
        """Return the pages of a student's feedback by notebook."""
        assert self._convert(GenerateFeedback, student)
        folder = self.root / "feedback" / student / ASSIGNMENT
        return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}

    def _convert(self, converter: type, student: str) -> bool:
        coursedir = self._api.coursedir
        coursedir.assignment_id, coursedir.student_id = ASSIGNMENT, student
        app = converter(coursedir=coursedir, parent=self._api)
        app.force, app.create_student = True, True
        with quiet():
            return capture_log(app)["success"]

    def read_points(self, student: str) -> dict[str, float] | None:
        """Return a student's points by graded cell; None if there is no submission in the gradebook."""
        with Gradebook(get_db_url(self.root)) as gradebook:
            try:
                submission = gradebook.find_submission(ASSIGNMENT, student)
            except MissingEntry:
                return None
            return {grade.cell.name: grade.score for notebook in submission.notebooks for grade in notebook.grades}

    def export(self) -> dict[str, dict[str, str]]:
        """Return the rows of `nbgrader export` by student."""
        path = self.root / "grades.csv"
        with Gradebook(get_db_url(self.root)) as gradebook, quiet():
            exporter = CsvExportPlugin()
            exporter.to = str(path)
            exporter.export(gradebook)
        return {row["student_id"]: row for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))}
