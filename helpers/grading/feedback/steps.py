"""nbgrader's steps on the way to a feedback page, as this course needs them."""

import builtins

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import GetGrades

from helpers.grading.gradebook.points import sum_points
from helpers.grading.gradebook.read import StudentGrades
from helpers.grading.nbgrader_plugins import KeepHiddenChecksHidden
from helpers.grading.notebooks.check_reports import list_causes, read_reports
from helpers.grading.notebooks.hidden_checks import HIDDEN_BEGIN

_NOT_YET = "Not graded yet: these points count neither for nor against you."
_NO_RESULT = "Not passed: this check gave no result."


class GetGradesFromOneRead(GetGrades):
    """nbgrader's step, with a student's grades that were read all at once, and no gradebook opened a notebook."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Write points and comments into the cells' metadata, and the core's points into `resources`."""
        self._grades: StudentGrades = resources["nbgrader"]["grades"]
        name = resources["nbgrader"]["notebook"]
        points = sum_points(self._grades, notebook=name)
        final = {"score": points.count(extra=False), "max_score": points.core_most, "late_penalty": points.late_core}
        resources["nbgrader"] |= final
        for index, cell in enumerate(nb.cells):
            nb.cells[index], resources = self.preprocess_cell(cell, resources, index)
        return nb, resources

    def _get_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata.nbgrader["grade_id"]
        waits = name in self._grades.cells and self._grades.cells[name].points is None
        cell.metadata.nbgrader["comment"] = self._grades.comments.get(name) or (_NOT_YET if waits else None)

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata.nbgrader["grade_id"]
        if name not in self._grades.cells:
            raise LookupError(f"the gradebook has no grade for the cell {name}; grade this submission again.")
        grade = self._grades.cells[name]
        cell.metadata.nbgrader.update(score=grade.points or 0.0, points=grade.cell.max_points)


class SummarizeHiddenChecks(KeepHiddenChecksHidden):
    """Leave of a hidden check whether it passed, or the causes; after GetGradesFromOneRead.

    The points decide: a check that earned none has not passed, whatever it displayed. Of errors only Python's
    own names are told: a name that submitted code made up could hold what the check gave it.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        """Change one cell; see the class."""
        hidden = cell.cell_type == "code" and HIDDEN_BEGIN in cell.source
        for output in cell.get("outputs", []) if hidden else ():
            if output.output_type == "error" and not hasattr(builtins, output.ename):
                output.ename = "an error"
        if hidden:  # what the rest of the page may know of it
            cell.metadata.setdefault("nbgrader", {}).update(hidden=True, causes=list_causes(read_reports(cell.outputs)))
        cell, resources = super().preprocess_cell(cell, resources, index)
        failed = cell.metadata.get("nbgrader", {}).get("score", 0) < cell.metadata.get("nbgrader", {}).get("points", 0)
        if hidden and failed and cell.outputs[0].text == "Passed.":
            cell.outputs = [new_output("stream", name="stdout", text=_NO_RESULT)]
        return cell, resources
