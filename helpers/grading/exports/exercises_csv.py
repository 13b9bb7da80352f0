"""A table for spreadsheets and statistics: one row a student and exercise."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from helpers.exercises import EXERCISES
from helpers.grading.exports.gradebook_scores import CellScore, ClassScores, GradedCell, was_graded
from helpers.grading.exports.tables import defuse, format_points, write_csv
from helpers.grading.records import Student, SubmissionRecord

HEADER = (
    "student", "name", "notebook", "exercise", "points", "max_points", "status", "needs_manual", "causes",
)  # fmt: skip
QUESTIONS = "questions"  # the row of a notebook's questions that belong to no exercise
NOT_GRADED = "not graded"


def write_exercises_csv(
    path: Path, students: Iterable[Student], records: Mapping[str, SubmissionRecord], scores: ClassScores
) -> Path:
    """Write the table; points are blank where nothing was graded."""
    groups: dict[tuple[str, str], list[GradedCell]] = {}
    for cell in scores.cells:
        groups.setdefault((cell.notebook, find_exercise(cell)), []).append(cell)
    order = [exercise.id for exercise in EXERCISES] + [QUESTIONS]
    groups = dict(sorted(groups.items(), key=lambda group: (group[0][0], order.index(group[0][1]))))
    rows = [row for student in students for row in _list_rows(student, records.get(student.id), groups, scores)]
    return write_csv(path, [HEADER, *rows])


def find_exercise(cell: GradedCell) -> str:
    """Return the id of the exercise that a graded cell belongs to: its grade id begins with it."""
    ids = [exercise.id for exercise in EXERCISES if exercise.notebook == cell.notebook]
    return max((one for one in ids if f"{cell.grade_id}_".startswith(f"{one}_")), key=len, default=QUESTIONS)


def _list_rows(
    student: Student,
    record: SubmissionRecord | None,
    groups: Mapping[tuple[str, str], list[GradedCell]],
    scores: ClassScores,
) -> Iterator[tuple[str, ...]]:
    own = {score.cell.id: score for score in scores.scores.get(student.id, ())} if was_graded(record) else {}
    name = f"{student.first_name} {student.last_name}".strip()
    status = record.status if record else NOT_GRADED
    for (notebook, exercise), cells in groups.items():
        graded = [own[cell.id] for cell in cells if cell.id in own]
        needs_manual = any(score.needs_manual for score in graded)
        yield (
            *(defuse(text) for text in (student.id, name, notebook, exercise)),
            format_points(_sum_points(graded)),
            format_points(sum(cell.max_points for cell in cells)),
            status,
            "yes" if needs_manual else "no",
            " ".join(_list_causes(record, notebook, {cell.grade_id for cell in cells})),
        )


def _sum_points(scores: Iterable[CellScore]) -> float | None:
    points = [score.points for score in scores if score.points is not None]
    return sum(points) if points else None


def _list_causes(record: SubmissionRecord | None, notebook: str, grade_ids: set[str]) -> list[str]:
    cells = (cell for one in (record.notebooks if record else ()) if one.name == notebook for cell in one.cells)
    return list(dict.fromkeys(cause for cell in cells if cell.grade_id in grade_ids for cause in cell.causes))
