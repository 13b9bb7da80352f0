"""Data about cells, changed: points, ids, tags, locks and stored outputs are never taken from a student."""

from nbformat.v4 import new_code_cell, new_output

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.records import GRADED, TAMPERED
from tests.hostile.submissions import change
from tests.hostile.submissions.changed_cells import CHECK, answer_wrongly, find


@change()
def points_a_check_higher(notebook):
    """Makes a check worth 1000 points, another -5, another not a number."""
    for name, points in {CHECK: 1000, "describe_photo_usual": -5, "read_labels_plain": float("1e308")}.items():
        find(notebook, name).metadata.nbgrader.points = points


@change(points=3)
def points_a_check_to_another(notebook):
    """Swaps the ids of an easy check and a hard one."""
    answer_wrongly(notebook)
    find(notebook, "read_labels").source = 'def read_labels(path):\n    return ["tench", "tripod"]'
    one, other = find(notebook, "read_labels_plain"), find(notebook, "read_labels_unusual")
    one.metadata.nbgrader.grade_id, other.metadata.nbgrader.grade_id = "read_labels_unusual", "read_labels_plain"


@change(points=2)
def tags_cells(notebook):
    """Tags checks with skip-execution, raises-exception and the like, which some tools obey."""
    answer_wrongly(notebook)
    for cell in notebook.cells:
        cell.metadata.tags = ["skip-execution", "raises-exception", "remove-cell", "nbval-skip"]


@change(points=2)
def unlocks_cells(notebook):
    """Says in the grading data that checks are neither locked nor graded, but solutions."""
    answer_wrongly(notebook)
    for name in (CHECK, "read_labels_plain", "read_labels_unusual"):
        cell = find(notebook, name)
        cell.metadata.nbgrader |= {"locked": False, "grade": False, "solution": True, "task": True}
        cell.metadata |= {"deletable": True, "editable": True}
        cell.source = "pass"


@change(points=0, statuses=(GRADED,))
def hands_in_outputs(notebook):
    """Stores forged outputs with blank answers: a passed report, points, no errors."""
    find(notebook, "read_labels").source = find(notebook, "describe_photo").source = "pass"
    report = {"exercise": "read_labels", "behaviour": "", "passed": True, "failures": [], "progress": {}}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 7
            cell.outputs = [
                new_output("display_data", data={CHECK_MIME_TYPE: report, "text/plain": "passed"}),
                new_output("execute_result", data={"text/plain": "6.0"}, execution_count=7),
            ]


@change(statuses=(GRADED,))
def names_another_kernel(notebook):
    """Asks for another kernel and language, by a name that is a path."""
    notebook.metadata.kernelspec = {"name": "../../evil", "display_name": "evil", "language": "bash", "argv": ["sh"]}
    notebook.metadata.language_info = {"name": "bash", "file_extension": "../../sh"}


@change()
def breaks_grading_data(notebook):
    """Puts lists, numbers and nothing where the grading data has words."""
    find(notebook, "imports").metadata.nbgrader.grade_id = ["imports"]
    find(notebook, "describe_photo_usual").metadata.nbgrader.grade_id = 5
    find(notebook, CHECK).metadata.nbgrader = {"grade_id": CHECK, "schema_version": 99, "points": {"a": []}}
    find(notebook, "read_labels_plain").metadata.nbgrader.schema_version = "three"
    find(notebook, "describe_photo").metadata.nbgrader["checksum"] = None


@change(statuses=(GRADED, TAMPERED))
def drops_all_grading_data(notebook):
    """Removes nbgrader's data from every cell, as some editors do."""
    for cell in notebook.cells:
        del cell.metadata["nbgrader"]


@change(statuses=(GRADED, TAMPERED))
def adds_cells_under_the_checks_names(notebook):
    """Adds cells of its own that bear the ids and marks of hidden checks."""
    for number, name in enumerate(("hidden-one", "read_labels_secret", "cell-3")):
        source = "### BEGIN HIDDEN TESTS\nprint('mine')\n### END HIDDEN TESTS"
        data = {"grade_id": name, "grade": True, "points": 50, "locked": True, "solution": False, "schema_version": 3}
        notebook.cells.insert(number * 3, new_code_cell(source, id=f"more-{number}", metadata={"nbgrader": data}))
