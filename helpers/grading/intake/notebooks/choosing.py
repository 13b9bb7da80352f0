"""Choose which of a student's files are graded: one for each notebook of the exercise, the newest."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpers.grading.files.items import IntakeBudget, Item, Refused, read_all, say
from helpers.grading.intake.notebooks.lost_marks import restore_marks
from helpers.grading.intake.notebooks.marks import ReleasedNotebook, find_released
from helpers.grading.files.names import find_stem, show_name
from helpers.grading.intake.notebooks.notebook_files import parse_notebook, write_notebook
from helpers.grading.intake.notebooks.stored_outputs import OutputRoom

MAX_NOTEBOOKS = 30
TOO_MANY = f"{{extra:,}} notebooks beyond {MAX_NOTEBOOKS}, the oldest, were left out: ask for the exercise's alone."
OUTPUTS = "holds {dropped:,} outputs that were left out, too many, too large or not well-formed: nothing to do."
ODD_CELLS = "holds {odd_cells:,} cells of no known kind, taken for plain text: look whether an answer is one."


@dataclass(frozen=True)
class NotebookFile:
    """A file that is one of the exercise's notebooks; `data` is what is kept of it, `remarks` say what is not."""

    item: Item
    data: bytes
    is_exact: bool
    remarks: tuple[str, ...] = ()

    @property
    def order(self) -> tuple:
        """Sorts the versions of one notebook: upload, attempt, time; then the right name, then any fixed order."""
        return *_get_age(self.item), self.is_exact, self.item.label


@dataclass
class Choice:
    """The version of each notebook that is graded, by the notebook's name, and what is to be said about the rest.

    `others` are files that only might have been notebooks.
    """

    versions: dict[str, NotebookFile] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    others: list[Item] = field(default_factory=list)


def choose_notebooks(items: Iterable[Item], released: tuple[ReleasedNotebook, ...], budget: IntakeBudget) -> Choice:
    """Read the notebooks among `items` and choose the newest of each; only the chosen ones stay in memory."""
    choice = Choice()
    different: dict[str, set[int]] = {}
    for item in _leave_out_oldest(items, choice):
        try:
            name, version = _read_version(item, released, budget)
        except Refused as reason:
            if item.is_notebook:
                choice.problems.append(say(item, reason))
            else:
                choice.others.append(item)
            continue
        different.setdefault(name, set()).add(hash(version.data))
        newest = choice.versions.get(name)
        if newest is None or version.order > newest.order:
            choice.versions[name] = version
    for name, versions in sorted(different.items()):
        taken = choice.versions[name]
        if len(versions) > 1:
            shown = show_name(taken.item.label)
            choice.problems.append(f"{len(versions)} versions of {name} were handed in: the newest was taken, {shown}.")
        choice.problems += [say(taken.item, remark) for remark in taken.remarks]
    return choice


def _leave_out_oldest(items: Iterable[Item], choice: Choice) -> list[Item]:
    """Return as many notebooks as are read at most, in the order given."""
    items = list(items)
    extra = len(items) - MAX_NOTEBOOKS
    if extra <= 0:
        return items
    choice.problems.append(TOO_MANY.format(extra=extra))
    left_out = set(sorted(range(len(items)), key=lambda place: _get_age(items[place]))[:extra])
    return [item for place, item in enumerate(items) if place not in left_out]


def _get_age(item: Item) -> tuple:
    return item.version, item.modified_s or 0.0


def _read_version(item: Item, released: tuple[ReleasedNotebook, ...], budget: IntakeBudget) -> tuple[str, NotebookFile]:
    room = OutputRoom()
    notebook = parse_notebook(read_all(item, budget, most_bytes=budget.limits.notebook_bytes), room)
    stem = find_stem(item.name)
    found = find_released(notebook, stem, released)
    if found is None:
        raise Refused("is none of the exercise's notebooks and was left out.")
    remarks = [OUTPUTS.format(dropped=room.dropped)] if room.dropped else []
    remarks += [ODD_CELLS.format(odd_cells=room.odd_cells)] if room.odd_cells else []
    remarks += restore_marks(notebook, found.notebook)
    return found.name, NotebookFile(item, write_notebook(notebook), found.name == stem, tuple(remarks))
