"""Choose which of a student's files are graded: one for each notebook of the exercise, the newest."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from helpers.grading.intake.items import Budget, Item, Refused, read_all, say
from helpers.grading.intake.marks import ReleasedNotebook, find_released
from helpers.grading.intake.names import show_name
from helpers.grading.intake.notebook_files import parse_notebook, write_notebook


@dataclass(frozen=True)
class Version:
    """A file that is one of the exercise's notebooks; `data` is what is kept of it."""

    item: Item
    data: bytes
    is_exact: bool

    @property
    def order(self) -> tuple:
        """Sorts the versions of one notebook: upload, attempt, time; then the right name, then any fixed order."""
        return self.item.version, self.item.modified_s or 0.0, self.is_exact, self.item.label


@dataclass
class Choice:
    """The version of each notebook that is graded, by the notebook's name, and what is to be said about the rest."""

    versions: dict[str, Version] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def choose_notebooks(items: Iterable[Item], released: tuple[ReleasedNotebook, ...], budget: Budget) -> Choice:
    """Read the notebooks among `items` and choose the newest of each; only the chosen ones stay in memory."""
    choice, different = Choice(), {}
    for item in items:
        try:
            name, version = _read_version(item, released, budget)
        except Refused as reason:
            choice.problems.append(say(item, reason))
            continue
        different.setdefault(name, set()).add(hash(version.data))
        newest = choice.versions.get(name)
        if newest is None or version.order > newest.order:
            choice.versions[name] = version
    for name, versions in sorted(different.items()):
        if len(versions) > 1:
            shown = show_name(choice.versions[name].item.label)
            choice.problems.append(f"{len(versions)} versions of {name} were handed in: the newest was taken, {shown}.")
    return choice


def _read_version(item: Item, released: tuple[ReleasedNotebook, ...], budget: Budget) -> tuple[str, Version]:
    notebook = parse_notebook(read_all(item, budget, most_bytes=budget.limits.notebook_bytes))
    stem = item.name[: -len(".ipynb")]
    found = find_released(notebook, stem, released)
    if found is None:
        raise Refused("is none of the exercise's notebooks and was left out.")
    return found.name, Version(item, write_notebook(notebook), found.name == stem)
