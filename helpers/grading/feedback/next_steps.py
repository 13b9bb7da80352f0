"""What to do next: the exercises of a notebook whose checks have not all passed, with what these checks say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from helpers.checks.causes import CAUSES
from helpers.exercises.rows import Exercise, Question
from helpers.grading.feedback.labels import HIDDEN_CHECK, NOT_JUDGED, WAITS, Label
from helpers.grading.gradebook.points import sum_cells
from helpers.grading.gradebook.points_text import format_points, name_points
from helpers.grading.gradebook.read import StudentGrades
from helpers.grading.notebooks.cell_owners import find_owner
from helpers.grading.notebooks.check_reports import read_reports

MAX_FAILURES, MAX_CHARACTERS = 2, 400  # of a check, and of a value
TO_DO, DONE, WAITING = "to do", "done", "waiting"
_EMPTY = "not_answered"
_Cells = Sequence[tuple[NotebookNode, Label]]


@dataclass(frozen=True)
class Message:
    """What one check says: `about` tells what it tries, if only at grading; `rows` are a name and a text each."""

    about: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Step:
    """One exercise or question, found at `anchor`: TO_DO, DONE or WAITING; its points; what its open checks say."""

    owner: Exercise | Question
    anchor: str
    state: str
    points: str
    messages: tuple[Message, ...]
    is_empty: bool

    @property
    def name(self) -> str:
        """Return the name for readers."""
        return self.owner.id if self.owner.core else f"{self.owner.id} (optional)"


def list_steps(labelled: _Cells, grades: StudentGrades) -> list[Step]:
    """Return a step for each exercise and question of the labelled cells of a notebook, those of the core first."""
    groups: dict[Exercise | Question, list[tuple[NotebookNode, Label]]] = {}
    for cell, label in labelled:
        if label.points:
            groups.setdefault(find_owner(label.name), []).append((cell, label))
    answers = {label.name for _, label in labelled}
    anchors = {owner: owner.id if owner.id in answers else cells[0][1].name for owner, cells in groups.items()}
    owners = sorted(groups, key=lambda owner: not owner.core)
    return [_make_step(owner, anchors[owner], groups[owner], grades) for owner in owners]


def _make_step(owner: Exercise | Question, anchor: str, cells: _Cells, grades: StudentGrades) -> Step:
    told: set[str] = set()
    messages = tuple(_read_message(cell, label, told) for cell, label in cells if label.is_open)
    waits = any(label.result in (WAITS, NOT_JUDGED) for _, label in cells)
    points = sum_cells(grades.cells[label.name] for _, label in cells)
    earned, most = points.core + points.extra, points.core_most + points.extra_most
    words = f"{'' if owner.core else '+ '}{format_points(earned)} of {name_points(most)}" if most else ""
    state = TO_DO if messages else WAITING if waits else DONE
    return Step(owner, anchor, state, words, () if _EMPTY in told else messages, _EMPTY in told)


def _read_message(cell: NotebookNode, label: Label, told: set[str]) -> Message:
    """Return what a check says; a cause that another check of the exercise has `told` already is only named."""
    if label.kind == HIDDEN_CHECK:
        return _read_hidden(cell, told)
    failures = [failure for report in read_reports(cell.outputs) for failure in report["failures"]]
    rows = [row for failure in failures[:MAX_FAILURES] for row in _list_rows(failure, told)]
    errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
    rows = rows or [("error", error[:MAX_CHARACTERS]) for error in errors] or [("why", "The check gave no result.")]
    return Message("", tuple(rows))


def _list_rows(failure: Mapping, told: set[str]) -> Iterable[tuple[str, str]]:
    for name, key in (("tried", "where"), ("what came", "got"), ("expected", "expected")):
        if failure.get(key):
            yield name, str(failure[key])[:MAX_CHARACTERS]
    yield "why", _explain(failure["cause"], told)


def _read_hidden(cell: NotebookNode, told: set[str]) -> Message:
    comment = " ".join(line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#"))
    causes = cell.metadata.nbgrader.get("causes", ())
    if causes and told.issuperset(causes):
        return Message(f"{comment} The same: {', '.join(causes)}.".lstrip(), ())
    sentences = [_explain(cause, told) for cause in causes]
    sentences = sentences or [output.text.removeprefix("Not passed: ") for output in cell.outputs]
    return Message(comment, tuple(("why", sentence) for sentence in sentences))


def _explain(cause: str, told: set[str]) -> str:
    if cause in told:
        return f"the same as above ({cause})"
    told.add(cause)
    return f"{CAUSES.get(cause, '')} ({cause[:MAX_CHARACTERS]})".strip()
