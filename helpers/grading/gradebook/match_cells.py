"""Give a class's gradebook the cells that the exercise has newly, and take those away that it has no longer.

nbgrader refuses both as soon as there are submissions.
"""

from collections.abc import Iterable, Mapping

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Comment, Grade, Gradebook, GradeCell, MissingEntry, Notebook, SolutionCell, SourceCell

from helpers.grading.errors import GradingError
from helpers.grading.judge.template import Template

GRADED_BY_HAND = (
    "{cell} is no longer in solutions/, but was graded by hand: put it back, or start with a new gradebook."
)


def match_cells(gradebook: Gradebook, assignment: str, templates: Mapping[str, Template]) -> None:
    """Give each notebook that was handed in the cells of its template: all of it or, when killed, nothing.

    GradingError, in one sentence, if a cell is gone that a person has graded.
    """
    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry:
        return
    try:
        for notebook in notebooks:
            if notebook.name in templates and notebook.submissions:
                _match_notebook(gradebook, notebook, templates[notebook.name])
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise


def _match_notebook(gradebook: Gradebook, notebook: Notebook, template: Template) -> None:
    wanted = {
        GradeCell: {name: cell for name, cell in template.cells.items() if utils.is_grade(cell)},
        SolutionCell: {name: cell for name, cell in template.cells.items() if utils.is_solution(cell)},
        SourceCell: template.cells,
    }
    held = {GradeCell: notebook.grade_cells, SolutionCell: notebook.solution_cells, SourceCell: notebook.source_cells}
    for kind, cells in wanted.items():
        before = {cell.name: cell for cell in held[kind]}
        for name in before.keys() - cells.keys():
            _remove(gradebook, before[name])
        for name in cells.keys() - before.keys():
            gradebook.db.add(_make(kind, notebook, name, cells[name]))
    gradebook.db.flush()
    _add_rows(gradebook, notebook, wanted)


def _remove(gradebook: Gradebook, cell: GradeCell | SolutionCell | SourceCell) -> None:
    rows = [] if isinstance(cell, SourceCell) else [*cell.grades, *cell.comments]
    if any(map(_is_by_hand, rows)):
        raise GradingError(GRADED_BY_HAND.format(cell=cell.name))
    for row in [*rows, cell]:
        gradebook.db.delete(row)


def _is_by_hand(row: Grade | Comment) -> bool:
    if isinstance(row, Comment):
        return bool(row.manual_comment)
    return row.manual_score is not None or bool(row.extra_credit)


def _make(kind: type, notebook: Notebook, name: str, cell: NotebookNode) -> GradeCell | SolutionCell | SourceCell:
    """Return a new cell; nbgrader fills in the rest when it takes up the exercise."""
    if kind is SolutionCell:
        return SolutionCell(name=name, notebook_id=notebook.id)
    points = {"max_score": float(cell.metadata.nbgrader.points)} if kind is GradeCell else {}
    return kind(name=name, notebook_id=notebook.id, cell_type=cell.cell_type, **points)


def _add_rows(gradebook: Gradebook, notebook: Notebook, names: Mapping[type, Iterable[str]]) -> None:
    """Give everybody who handed the notebook in a grade or a comment for each cell that has none yet."""
    for kind, row in ((GradeCell, Grade), (SolutionCell, Comment)):
        cells = gradebook.db.query(kind.id).filter(kind.notebook_id == notebook.id, kind.name.in_([*names[kind]])).all()
        for submitted in notebook.submissions:
            held = {one.cell_id for one in (submitted.grades if row is Grade else submitted.comments)}
            gradebook.db.add_all(row(cell_id=id, notebook_id=submitted.id) for (id,) in cells if id not in held)
