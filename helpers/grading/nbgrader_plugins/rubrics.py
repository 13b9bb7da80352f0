"""Rubrics of questions in free text, beside the answers, for those who grade by hand."""

import re
from collections.abc import Mapping
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.coursedir import CourseDirectory

from helpers.grading.notebooks.paths import SOLUTIONS, read_notebook

_RUBRIC = re.compile(r"=== BEGIN MARK SCHEME ===\s*(.*?)\s*=== END MARK SCHEME ===", flags=re.DOTALL)


class ShowRubrics(Preprocessor):
    """Show on formgrader's pages, below each answer in free text, how it is to be marked; in no file, on no other page.

    A submission that formgrader shows has an id there; what students get is made without one.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Add the rubrics to a notebook on its way to formgrader's page."""
        if resources.get("submission_id") is None:
            return nb, resources
        rubrics = self._read_rubrics(resources)
        cells = []
        for cell in nb.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            rubric = rubrics.get(name) if cell.cell_type == "markdown" else None
            cells += [cell, new_markdown_cell(f"**Rubric of `{name}`**\n\n{rubric}")] if rubric else [cell]
        nb.cells = cells
        return nb, resources

    def _read_rubrics(self, resources: Mapping[str, str]) -> dict[str, str]:
        """Return the rubrics by grade id: of the course's own solutions, or else of this repository's."""
        place = Path(resources["assignment_id"]) / f"{resources['notebook_id']}.ipynb"
        course = CourseDirectory(parent=self)
        folders = (Path(course.root) / course.source_directory, SOLUTIONS.parent)
        paths = [folder / place for folder in folders if (folder / place).is_file()]
        cells = read_notebook(paths[0]).cells if paths else []
        found = {cell.metadata.get("nbgrader", {}).get("grade_id"): _RUBRIC.search(cell.source) for cell in cells}
        return {name: rubric[1] for name, rubric in found.items() if name and rubric}
