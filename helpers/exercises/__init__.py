"""Every exercise and question of the course: where it stands, and whether it is core or optional.

A module of this folder lists those that are handed in together, and has the name of that assignment: exercise_01. It
holds EXERCISES, QUESTIONS if there are any, and CAUSES if its checks name any that `helpers/checks/causes.py` has not.
"""

import pkgutil
from dataclasses import replace
from importlib import import_module

from helpers.exercises.rows import Exercise, Question

ASSIGNMENTS = tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if found.name != "rows"))
_MODULES = {name: import_module(f"{__name__}.{name}") for name in ASSIGNMENTS}

EXERCISES: tuple[Exercise, ...] = tuple(
    replace(one, assignment=name) for name, module in _MODULES.items() for one in module.EXERCISES
)
QUESTIONS: tuple[Question, ...] = tuple(
    replace(one, assignment=name) for name, module in _MODULES.items() for one in getattr(module, "QUESTIONS", ())
)
EXERCISE_BY_ID = {exercise.id: exercise for exercise in EXERCISES}
OWN_CAUSES: dict[str, str] = {
    cause: sentence for module in _MODULES.values() for cause, sentence in getattr(module, "CAUSES", {}).items()
}


def list_exercises(notebook: str, *, assignment: str = "exercise_01") -> tuple[Exercise, ...]:
    """Return the exercises of one notebook, in order; `notebook` is its name without ending: "01_setup"."""
    return tuple(one for one in EXERCISES if (one.assignment, one.notebook) == (assignment, notebook))
