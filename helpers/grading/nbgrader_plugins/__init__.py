"""This course's own steps in nbgrader's two pipelines, named in nbgrader_config.py."""

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from helpers.checks.causes import CAUSES
from helpers.checks.output import wrap_text
from helpers.grading.notebooks.check_reports import list_causes, read_reports
from helpers.grading.notebooks.hidden_checks import HIDDEN_BEGIN, remove_hidden_lines


class RefuseUnconfined(NotebookExporter):
    """Stops `nbgrader autograde` and formgrader's autograde button, which would run submitted code as you.

    nbgrader makes its exporter before it removes or runs anything, so that nothing is lost.
    """

    def __init__(self, *, parent=None, **options):
        message = (
            "This course grades submitted code in a sandbox, with `make grade SUBMISSIONS=...`. `nbgrader autograde` "
            "would run it with your files and your network. Nothing was run, and nothing was changed."
        )
        if parent is not None:
            parent.log.error(message)  # the command prints the log, formgrader the exception
        raise NbGraderException(message)


class KeepHiddenChecksHidden(NbGraderPreprocessor):
    """Take hidden checks, their outputs and tracebacks' code out of the feedback that students get."""

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        """Leave of a hidden check only its first comment and whether it passed, with the causes' names."""
        if cell.cell_type == "code" and HIDDEN_BEGIN in cell.source:
            cell.source = remove_hidden_lines(cell.source)
            cell.outputs = _summarize_hidden_outputs(cell.outputs)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def _summarize_hidden_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return one line: passed, or the names of the causes; no inputs, no expected values."""
    if not any(output.output_type == "error" for output in outputs):
        return [new_output("stream", name="stdout", text="Passed.")]
    causes = list_causes(read_reports(outputs))
    sentences = [f"Not passed: {CAUSES[cause]} ({cause})" for cause in causes]
    lines = [wrap_text(sentence, indent=12) for sentence in sentences]
    if not lines:
        errors = [output.ename for output in outputs if output.output_type == "error"]
        lines = [f"Not passed: this check stopped with {errors[0]}."]
    return [new_output("stream", name="stdout", text="\n".join(lines))]
