"""What points mean: one definition for terminal, report, feedback, exports and the demonstration.

The core is 100 %: its checks, and its questions in free text. What is optional comes on top, "+ 3", and is counted
apart. What has no points yet, because it waits for a person, is neither earned nor to be earned. A late penalty comes
last, and takes the same part off the core and off what is optional in a notebook.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nbgrader.api import Gradebook

from helpers.grading.gradebook.read import CellGrade, GradedCell, StudentGrades, list_cells, read_grades
from helpers.grading.notebooks.cell_owners import find_owner


@dataclass(frozen=True)
class Points:
    """Points of a submission, or of a part of it: a notebook, an exercise.

    `core` of `core_most` and `extra` of `extra_most` are those of the cells that are graded; `late_core` and
    `late_extra` are to be taken off. `waiting` is what the cells could earn that wait for a person, and `answers` how
    many a person should look at. `is_complete` says that every check has points.
    """

    core: float = 0.0
    core_most: float = 0.0
    extra: float = 0.0
    extra_most: float = 0.0
    late_core: float = 0.0
    late_extra: float = 0.0
    waiting: float = 0.0
    answers: int = 0
    is_complete: bool = True

    @property
    def late_percent(self) -> float:
        """How much of what was earned is taken off because it came late."""
        earned = self.core + self.extra
        return 100 * (self.late_core + self.late_extra) / earned if earned else 0.0

    def __add__(self, other: "Points") -> "Points":
        """Return both together."""
        pairs = zip(vars(self).items(), vars(other).values(), strict=True)
        sums = {name: mine + theirs for (name, mine), theirs in pairs}
        return Points(**sums | {"is_complete": self.is_complete and other.is_complete})

    def count(self, *, extra: bool) -> float:
        """Return what counts in the end, the late penalty taken off: the core, and with `extra` what is optional."""
        return self.core - self.late_core + (self.extra - self.late_extra if extra else 0.0)

    def without_penalty(self) -> "Points":
        """Return the points as if the work had come in time."""
        return replace(self, late_core=0.0, late_extra=0.0)


@dataclass(frozen=True)
class ClassPoints:
    """Everybody's grades, and the cells that there are. `extra` says whether what is optional counts in uploads."""

    cells: tuple[GradedCell, ...] = ()
    students: Mapping[str, StudentGrades] = field(default_factory=dict)
    extra: bool = False

    @property
    def core_most(self) -> float:
        """All points of the core: 100 %."""
        return sum(cell.max_points for cell in self.cells if find_owner(cell.grade_id).core)

    def find(self, student: str) -> Points | None:
        """Return a student's points; None if the gradebook holds none."""
        return sum_points(self.students[student]) if student in self.students else None

    def sum_up(self) -> dict[str, Points]:
        """Return the points of all who handed in, by student."""
        return {student: sum_points(grades) for student, grades in self.students.items()}


def read_class_points(gradebook: Gradebook, assignment: str, *, extra: bool = False) -> ClassPoints:
    """Return everybody's points in an assignment."""
    cells = tuple(list_cells(gradebook, assignment).values())
    return ClassPoints(cells, read_grades(gradebook, assignment), extra)


def sum_points(grades: StudentGrades, *, notebook: str | None = None) -> Points:
    """Return a student's points, in all or in one notebook."""
    notebooks: dict[str, list[CellGrade]] = {}
    for grade in grades.cells.values():
        notebooks.setdefault(grade.cell.notebook, []).append(grade)
    parts = (
        take_off(sum_cells(cells), grades.penalties.get(name, 0.0))
        for name, cells in notebooks.items()
        if notebook in (None, name)
    )
    return sum(parts, Points())


def sum_cells(grades: Iterable[CellGrade]) -> Points:
    """Return the points of some cells, such as those of an exercise, as if the work had come in time."""
    grades = list(grades)
    graded = [(grade.points, grade.cell) for grade in grades if grade.points is not None]
    core = [(points, cell.max_points) for points, cell in graded if find_owner(cell.grade_id).core]
    extra = [(points, cell.max_points) for points, cell in graded if not find_owner(cell.grade_id).core]
    without = [grade for grade in grades if grade.points is None]
    return Points(
        core=sum(points for points, _ in core),
        core_most=sum(most for _, most in core),
        extra=sum(points for points, _ in extra),
        extra_most=sum(most for _, most in extra),
        waiting=sum(grade.cell.max_points for grade in without if grade.waits),
        answers=sum(grade.waits for grade in grades),
        is_complete=not any(grade.cell.is_code for grade in without),
    )


def take_off(points: Points, penalty: float) -> Points:
    """Return a notebook's points with its late penalty, which never takes more than was earned."""
    earned = points.core + points.extra
    part = min(max(penalty, 0.0) / earned, 1.0) if earned > 0 else 0.0
    return replace(points, late_core=part * points.core, late_extra=part * points.extra)
