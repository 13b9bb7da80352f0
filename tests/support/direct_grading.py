"""Grade a class with the harness's own functions in this process, one submission after the other."""

from collections.abc import Mapping
from pathlib import Path

from helpers.grading.answering.fork_server import ForkServer, copy_helpers
from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.feedback.write import write_feedback
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.write import prepare_gradebook, write_result, write_students
from helpers.grading.intake.collect import collect
from helpers.grading.judge.template import Template, read_templates
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import Submission, SubmissionRecord, write_record
from helpers.grading.whole_class.grade_submission import grade_submission
from tests.support.require_sandbox import require_sandbox


def start_server(folder: Path) -> ForkServer:
    """Return a fork server with a sandbox that works here, for any one; its folders are below `folder`."""
    backend = require_sandbox()
    runtime = folder / "runtime" / "course"
    runtime.mkdir(parents=True)
    copy_helpers(runtime)
    return ForkServer(runtime, backend=backend)


class DirectCourse:
    """A course below `root` whose exercise lies in `exercise`; results by student in `results`."""

    def __init__(self, root: Path, exercise: Path, server: ForkServer) -> None:
        self.root, self._exercise, self._server = root, exercise, server
        self._assignment = CourseAssignment(root)
        self.results: dict[str, GradedSubmission] = {}
        self.submissions: dict[str, Submission] = {}
        self._templates: Mapping[str, Template] = read_templates(exercise / "solutions" / ASSIGNMENT)

    def grade(self, handed_in: Path, *, only: tuple[str, ...] = ("01_setup",)) -> None:
        """Take in, grade, write gradebook and records; `only` these notebooks."""
        intake = collect(handed_in, self._assignment, release=self._exercise / "notebooks" / ASSIGNMENT)
        prepare_gradebook(self._assignment, source=self._exercise / "solutions")
        with open_gradebook(self.root) as gradebook:
            write_students(gradebook, list(intake.students))
            for submission in intake.submissions:
                self.submissions[submission.student] = submission
                result = grade_submission(submission, self._templates, self._server, only=only)
                self.results[submission.student] = result
                write_record(self._assignment.records, result.record)
                write_result(gradebook, self._assignment, result, before=None)

    def record(self, student: str) -> SubmissionRecord:
        """Return a student's record."""
        return self.results[student].record

    def read_points(self, student: str) -> dict[str, float | None]:
        """Return the points of a student's graded cells, as they stand in the record."""
        return {cell.grade_id: cell.points for book in self.record(student).notebooks for cell in book.cells}

    def write_feedback(self, student: str) -> dict[str, str]:
        """Return the pages of a student's feedback by name."""
        write_feedback(self._assignment, [student])
        folder = self.root / "feedback" / student / ASSIGNMENT
        return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
