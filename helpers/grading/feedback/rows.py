"""What became of each exercise of a student: its points, its result in words, and the first cause of a failure."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.checks.causes import CAUSES, choose_causes
from helpers.exercises.rows import Exercise, Question
from helpers.grading.gradebook.points import Points, sum_cells, sum_points
from helpers.grading.gradebook.points_text import format_points
from helpers.grading.gradebook.read import CellGrade, StudentGrades
from helpers.grading.notebooks.cell_owners import find_owner, find_place
from helpers.grading.records import MISSING, CellRecord, SubmissionRecord

SOLVED, IN_PART, NOT_SOLVED, NOT_ANSWERED = "solved", "solved in part", "not solved yet", "not answered yet"
WAITS, RAN_IN_PART, NOT_RUN = "waits for a person", "ran in part", "did not run"
_TO_DO = (IN_PART, NOT_SOLVED, NOT_ANSWERED, RAN_IN_PART, NOT_RUN)


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise, or one question of its own: points as "1 of 3", "+ 1 of 3" where it is optional, and the result.

    `points` are "" where everything waits for a person. `cause` says in a sentence why it is not solved, if known.
    """

    owner: Exercise | Question
    points: str
    result: str
    cause: str = ""

    @property
    def name(self) -> str:
        """Return the name for readers."""
        return self.owner.id if self.owner.core else f"{self.owner.id} (optional)"

    @property
    def state(self) -> str:
        """Return the class of page_style that shows the result."""
        return "good" if self.result == SOLVED else "bad" if self.result in _TO_DO else ""


@dataclass(frozen=True)
class NotebookRows:
    """One notebook's rows and points. `missing` says why the notebook has no page, "" if it has one."""

    name: str
    missing: str
    rows: tuple[ExerciseRow, ...]
    points: Points


def list_rows(name: str, grades: StudentGrades, record: SubmissionRecord | None, *, has_page: bool) -> NotebookRows:
    """Return the rows of the notebook `name`, in the order of the exercises."""
    notebooks = {notebook.name: notebook for notebook in (record.notebooks if record else ())}
    cells = {cell.grade_id: cell for cell in (notebooks[name].cells if name in notebooks else ())}
    groups: dict[Exercise | Question, list[CellGrade]] = {}
    for grade in grades.cells.values():
        if grade.cell.notebook == name:
            groups.setdefault(find_owner(grade.cell.grade_id), []).append(grade)
    rows = [_make_row(owner, groups[owner], cells) for owner in sorted(groups, key=find_place)]
    is_missing = name in notebooks and notebooks[name].status == MISSING
    missing = "" if has_page else "not handed in" if is_missing else "not graded"
    return NotebookRows(name, missing, tuple(rows), sum_points(grades, notebook=name))


def list_next(notebooks: Sequence[NotebookRows]) -> list[tuple[NotebookRows, ExerciseRow]]:
    """Return the exercises left to do, each with its notebook: the core first, both in the order of the series."""
    rows = [(book, row) for book in notebooks for row in book.rows if row.result in _TO_DO]
    rows = [(book, row) for book, row in rows if isinstance(row.owner, Exercise)]
    return sorted(rows, key=lambda pair: not pair[1].owner.core)


def _make_row(owner: Exercise | Question, grades: Sequence[CellGrade], cells: dict[str, CellRecord]) -> ExerciseRow:
    points = sum_cells(grades)
    earned, most = points.core + points.extra, points.core_most + points.extra_most
    found = [cells[grade.cell.grade_id] for grade in grades if grade.cell.grade_id in cells]
    ran = [cell.ran for cell in found] + [True] * (len(grades) - len(found))
    result = _describe(earned, most, waits=any(grade.waits for grade in grades), ran=ran)
    causes = choose_causes(cause for cell in found for cause in cell.causes)
    if result == NOT_SOLVED and causes == ("not_answered",):
        result, causes = NOT_ANSWERED, ()
    cause = CAUSES[causes[0]] if causes and result in _TO_DO else ""
    if not most:  # all of it waits
        return ExerciseRow(owner, "", result, cause)
    return ExerciseRow(
        owner, f"{'' if owner.core else '+ '}{format_points(earned)} of {format_points(most)}", result, cause
    )


def _describe(points: float, most: float, *, waits: bool, ran: Sequence[bool]) -> str:
    if waits:
        return WAITS
    if not all(ran):
        return RAN_IN_PART if any(ran) else NOT_RUN
    if points >= most:
        return SOLVED
    return IN_PART if points > 0 else NOT_SOLVED
