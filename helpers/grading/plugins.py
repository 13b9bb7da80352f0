"""This course's own steps in nbgrader's two pipelines, named in nbgrader_config.py."""

from nbclient.exceptions import DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from helpers.checks.causes import CAUSES
from helpers.checks.output import CHECK_MIME_TYPE, wrap_text

KERNEL_DIED = "KernelDied"
HIDDEN_BEGIN, HIDDEN_END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


class ExecuteWhatRuns(Execute):
    """Execute, but a dying kernel costs only the cells that could not run, and stderr costs nothing.

    nbgrader alone drops the whole submission when a kernel dies, and gives 0 for any stderr in a graded
    cell, even for a harmless warning.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, km=None):
        """Run the notebook's cells in order; see the class."""
        self._kernel_died = False
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        """Run one cell, or mark it as not run when the kernel has died before it."""
        if not self._kernel_died:
            try:
                cell, resources = super().preprocess_cell(cell, resources, index)
            except DeadKernelError:
                self._kernel_died = True
                self.log.warning("The kernel died in cell %s", cell.get("id", index))
        if self._kernel_died and cell.cell_type == "code":
            message = "the kernel died in this cell or an earlier one, so this cell did not run"
            cell.outputs = [*cell.get("outputs", []), new_output("error", ename=KERNEL_DIED, evalue=message)]
            cell.outputs[-1].traceback = [f"{KERNEL_DIED}: {message}"]
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                output.name = "stdout"
        return cell, resources


class KeepHiddenChecksHidden(NbGraderPreprocessor):
    """Take hidden checks, their outputs and tracebacks' code out of the feedback that students get."""

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int):
        """Leave of a hidden check only its first comment and whether it passed, with the causes' names."""
        if cell.cell_type == "code" and HIDDEN_BEGIN in cell.source:
            cell.source = _remove_hidden_lines(cell.source)
            cell.outputs = _summarize_hidden_outputs(cell.outputs)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def _remove_hidden_lines(source: str) -> str:
    kept, hidden = [], False
    for line in source.splitlines():
        hidden = hidden or HIDDEN_BEGIN in line
        if not hidden:
            kept.append(line)
        hidden = hidden and HIDDEN_END not in line
    return "\n".join(kept)


def _summarize_hidden_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return one line: passed, or the names of the causes; no inputs, no expected values."""
    if not any(output.output_type == "error" for output in outputs):
        return [new_output("stream", name="stdout", text="Passed.")]
    reports = [output.data[CHECK_MIME_TYPE] for output in outputs if CHECK_MIME_TYPE in output.get("data", {})]
    causes = dict.fromkeys(failure["cause"] for report in reports for failure in report["failures"])
    sentences = [f"Not passed: {CAUSES[cause]} ({cause})" for cause in causes if cause in CAUSES]
    lines = [wrap_text(sentence, indent=12) for sentence in sentences]
    if not lines:
        errors = [output.ename for output in outputs if output.output_type == "error"]
        lines = [f"Not passed: this check stopped with {errors[0]}."]
    return [new_output("stream", name="stdout", text="\n".join(lines))]
