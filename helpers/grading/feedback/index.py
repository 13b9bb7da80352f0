"""The first page of a student's feedback: points for each exercise, and what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from helpers.exercises.rows import Exercise, Question
from helpers.grading.gradebook.points import Points, sum_cells, sum_points
from helpers.grading.gradebook.points_text import describe_points, format_extra, format_late, format_points
from helpers.grading.gradebook.read import CellGrade, StudentGrades
from helpers.grading.notebooks.cell_owners import find_owner, find_place
from helpers.grading.records import IN_PART, MISSING, TAMPERED, UNREADABLE, NotebookRecord, SubmissionRecord

_OPENINGS = {
    IN_PART: "Not everything could be run. What ran was graded, what did not earned nothing.",
    TAMPERED: "Something was changed that must stay as it was handed out:",
    UNREADABLE: "This could not be read, so it was not graded:",
    MISSING: "Nothing was handed in.",
}


@dataclass(frozen=True)
class Row:
    """One exercise, or one question of its own: points, most points, and the result in words.

    `points` and `most` are texts: "+ 2" where it is optional, and "" where everything waits for a person.
    """

    name: str
    points: str
    most: str
    result: str


@dataclass(frozen=True)
class NotebookRows:
    """One notebook's rows and points. `missing` says why the notebook has no page, "" if it has one."""

    name: str
    missing: str
    rows: tuple[Row, ...]
    points: Points


def list_remarks(record: SubmissionRecord | NotebookRecord | None) -> list[str]:
    """Return plain sentences: how it was graded unless in full, and the reasons, which name what did not run."""
    if record is None:
        return []
    opening = [_OPENINGS[record.status]] if record.status in _OPENINGS else []
    return list(dict.fromkeys((*opening, *record.reasons)))


def make_index(
    title: str,
    student: str,
    grades: StudentGrades,
    record: SubmissionRecord | None,
    pages: Collection[str],
    remarks: Sequence[str],
) -> str:
    """Return the page; `title` is the assignment's, and `pages` are the names of the notebooks that have one."""
    names = sorted({grade.cell.notebook for grade in grades.cells.values()})
    notebooks = [
        _list_rows(name, grades, record, missing="" if name in pages else _say_missing(name, record)) for name in names
    ]
    points = sum_points(grades)
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    environment.filters |= {"points": format_points, "extra": format_extra}
    return environment.get_template("index.html.j2").render(
        title=title,
        student=student,
        notebooks=notebooks,
        total=describe_points(points),
        late=format_late(points),
        remarks=remarks,
    )


def _say_missing(name: str, record: SubmissionRecord | None) -> str:
    notebooks = {notebook.name: notebook for notebook in (record.notebooks if record else ())}
    return "not handed in" if name in notebooks and notebooks[name].status == MISSING else "not graded"


def _list_rows(name: str, grades: StudentGrades, record: SubmissionRecord | None, *, missing: str) -> NotebookRows:
    ran = {cell.grade_id: cell.ran for notebook in (record.notebooks if record else ()) for cell in notebook.cells}
    groups: dict[Exercise | Question, list[CellGrade]] = {}
    for grade in grades.cells.values():
        if grade.cell.notebook == name:
            groups.setdefault(find_owner(grade.cell.grade_id), []).append(grade)
    rows = [
        _make_row(owner, groups[owner], [ran.get(grade.cell.grade_id, True) for grade in groups[owner]])
        for owner in sorted(groups, key=find_place)
    ]
    return NotebookRows(name, missing, tuple(rows), sum_points(grades, notebook=name))


def _make_row(owner: Exercise | Question, cells: Sequence[CellGrade], ran: Sequence[bool]) -> Row:
    points = sum_cells(cells)
    earned, most = points.core + points.extra, points.core_most + points.extra_most
    result = _describe(earned, most, waits=any(cell.waits for cell in cells), ran=ran)
    name = owner.id if owner.core else f"{owner.id} (optional)"
    if not most:  # all of it waits
        return Row(name, "", "", result)
    return Row(name, format_points(earned) if owner.core else f"+ {format_points(earned)}", format_points(most), result)


def _describe(points: float, most: float, *, waits: bool, ran: Sequence[bool]) -> str:
    if waits:
        return "waits for a person"
    if not all(ran):
        return "ran in part" if any(ran) else "did not run"
    if points >= most:
        return "solved"
    return "solved in part" if points > 0 else "not solved yet"
