"""What is known of an exercise, and of a question in free text, before anybody has answered it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exercise:
    """One exercise. `minutes` is what a beginner should plan; `difficulty` runs from 1 (easy) to 3 (hard).

    `assignment` is what it is handed in with, such as exercise_01: the name of the module that lists it.
    """

    id: str
    notebook: str
    minutes: int
    difficulty: int
    core: bool = True
    assignment: str = ""


@dataclass(frozen=True)
class Question:
    """A question in free text, which a person grades; `id` is the grade id of its answer."""

    id: str
    notebook: str
    core: bool = True
    assignment: str = ""
