"""Which assignment a run of `make grade` is for, if it does not say so."""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from helpers.exercises import EXERCISE_BY_ID
from helpers.grading.errors import GradingError
from helpers.grading.files.items import IntakeError, IntakeLimits
from helpers.grading.lms.layouts import list_entries
from helpers.grading.notebooks.assignment import list_assignments
from helpers.grading.notebooks.paths import ASSIGNMENT, list_notebooks

NONE_SUCH = "There is no {kind} {name!r}. Choose from: {names}."
CHOSEN = "This is {name}, {why}. Otherwise say which: ASSIGNMENT={other}."


def choose_assignment(given: str, again: str, submissions: Path | None, *, source: Path) -> str:
    """Return what is graded: what is `given`, the one of the exercise `again`, the only one, or what the files tell.

    Says in one line what was chosen where there was a choice. GradingError if there is no such assignment or exercise.
    """
    names = list_assignments(source) or [ASSIGNMENT]
    if given and given not in names:
        raise GradingError(NONE_SUCH.format(kind="assignment", name=given, names=", ".join(names)))
    own = {one.id: one.assignment for one in EXERCISE_BY_ID.values() if one.assignment == given or not given}
    if again not in ("", "all", *own):
        raise GradingError(NONE_SUCH.format(kind="exercise", name=again, names=", ".join(("all", *own))))
    if given or again in own or len(names) <= 1:
        return given or own.get(again) or names[0]
    told = _read_names(submissions, {name: _list_own(name, names, source) for name in names}) if submissions else ""
    chosen, why = (told, "by the names of the notebooks") if told else (names[0], "the first of those there are")
    print(CHOSEN.format(name=chosen, why=why, other=next(name for name in names if name != chosen)))
    return chosen


def _list_own(name: str, names: list[str], source: Path) -> set[str]:
    """Return the names of an assignment's notebooks that no other one has."""
    found = {one: {path.stem for path in list_notebooks(source / "solutions" / one)} for one in names}
    return found[name].difference(*(found[one] for one in names if one != name))


def _read_names(submissions: Path, own: Mapping[str, set[str]]) -> str:
    """Return the assignment of which most files are, by their names; "" if none tells. No file is opened."""
    votes = Counter[str]()
    try:
        with ExitStack() as stack:
            for entry in list_entries(submissions, stack, IntakeLimits(), is_known=lambda name: False):
                labels = [f"{entry.name}/{item.label}" for item in entry.list_items()]
                votes.update(
                    name for name, stems in own.items() for label in labels if any(stem in label for stem in stems)
                )
    except IntakeError:
        return ""  # it is told when they are taken in
    return votes.most_common(1)[0][0] if votes else ""
