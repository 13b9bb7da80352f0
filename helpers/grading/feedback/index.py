"""The first page of a student's feedback: points for each exercise, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from helpers.exercises import EXERCISE_BY_ID, list_exercises
from helpers.grading.grades import CellGrade, StudentGrades
from helpers.grading.records import IN_PART, MISSING, TAMPERED, UNREADABLE, NotebookRecord, SubmissionRecord

TITLE = "Exercise 01"
_OPENINGS = {
    IN_PART: "Not everything could be run. What ran was graded, what did not earned nothing.",
    TAMPERED: "Something was changed that must stay as it was handed out:",
    UNREADABLE: "This could not be read, so it was not graded:",
    MISSING: "Nothing was handed in.",
}


@dataclass(frozen=True)
class Row:
    """One exercise, or one question of its own: points, most points, and the result in words."""

    name: str
    points: float
    most: float
    result: str


@dataclass(frozen=True)
class NotebookRows:
    """One notebook's rows. `penalty` is in points, and positive; `points` are what is left after it.

    `missing` says why the notebook has no page, "" if it has one.
    """

    name: str
    missing: str
    rows: tuple[Row, ...]
    penalty: float

    @property
    def points(self) -> float:
        return sum(row.points for row in self.rows) - self.penalty

    @property
    def most(self) -> float:
        return sum(row.most for row in self.rows)


def list_remarks(record: SubmissionRecord | NotebookRecord | None) -> list[str]:
    """Return plain sentences: how it was graded unless in full, and the reasons, which name what did not run."""
    if record is None:
        return []
    opening = [_OPENINGS[record.status]] if record.status in _OPENINGS else []
    return list(dict.fromkeys((*opening, *record.reasons)))


def make_index(
    student: str, grades: StudentGrades, record: SubmissionRecord | None, pages: Collection[str], remarks: Sequence[str]
) -> str:
    """Return the page; `pages` are the names of the notebooks that have one."""
    names = sorted({grade.notebook for grade in grades.cells.values()})
    notebooks = [
        _list_rows(name, grades, record, missing="" if name in pages else _say_missing(name, record)) for name in names
    ]
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    environment.filters["points"] = lambda points: f"{round(points, 2):g}"
    return environment.get_template("index.html.j2").render(
        title=TITLE,
        student=student,
        notebooks=notebooks,
        points=sum(notebook.points for notebook in notebooks),
        most=sum(notebook.most for notebook in notebooks),
        penalty=sum(notebook.penalty for notebook in notebooks),
        waiting=sum(grade.waits for grade in grades.cells.values()),
        remarks=remarks,
    )


def _say_missing(name: str, record: SubmissionRecord | None) -> str:
    notebooks = {notebook.name: notebook for notebook in (record.notebooks if record else ())}
    return "not handed in" if name in notebooks and notebooks[name].status == MISSING else "not graded"


def _list_rows(name: str, grades: StudentGrades, record: SubmissionRecord | None, *, missing: str) -> NotebookRows:
    ran = {cell.grade_id: cell.ran for notebook in (record.notebooks if record else ()) for cell in notebook.cells}
    groups: dict[str, list[CellGrade]] = {}
    for grade in grades.cells.values():
        if grade.notebook == name:
            groups.setdefault(find_exercise(grade.grade_id, name), []).append(grade)
    order = [exercise.id for exercise in list_exercises(name)]
    titles = sorted(groups, key=lambda title: (order.index(title) if title in order else len(order), title))
    rows = [
        _make_row(title, groups[title], [ran.get(cell.grade_id, True) for cell in groups[title]]) for title in titles
    ]
    return NotebookRows(name, missing, tuple(rows), grades.penalties.get(name, 0))


def find_exercise(grade_id: str, notebook: str) -> str:
    """Return the exercise that a graded cell belongs to, whose id begins the cell's; a question stands for itself."""
    names = [exercise.id for exercise in list_exercises(notebook) if grade_id.startswith(f"{exercise.id}_")]
    return max(names, key=len, default=grade_id)


def _make_row(name: str, cells: Sequence[CellGrade], ran: Sequence[bool]) -> Row:
    points, most = sum(cell.points for cell in cells), sum(cell.max_points for cell in cells)
    optional = name in EXERCISE_BY_ID and not EXERCISE_BY_ID[name].core
    result = _describe(points, most, waits=any(cell.waits for cell in cells), ran=ran)
    return Row(f"{name} (optional)" if optional else name, points, most, result)


def _describe(points: float, most: float, *, waits: bool, ran: Sequence[bool]) -> str:
    if waits:
        return "waits for a person"
    if not all(ran):
        return "ran in part" if any(ran) else "did not run"
    if points >= most:
        return "solved"
    return "solved in part" if points > 0 else "not solved yet"
