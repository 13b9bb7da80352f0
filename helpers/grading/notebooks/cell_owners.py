"""Which exercise or question a graded cell belongs to, and whether that is core: known by the cell's grade id alone."""

from functools import cache

from helpers.exercises import EXERCISE_BY_ID, QUESTIONS
from helpers.exercises.rows import Exercise, Question

_QUESTION_BY_ID = {question.id: question for question in QUESTIONS}
_ORDER = {name: place for place, name in enumerate((*EXERCISE_BY_ID, *_QUESTION_BY_ID))}


@cache
def find_owner(grade_id: str) -> Exercise | Question:
    """Return the exercise with whose id the cell's begins; a question in free text stands for itself.

    What neither list holds is a question of the core, so that no point is lost; its notebook is then "".
    """
    if grade_id in _QUESTION_BY_ID:
        return _QUESTION_BY_ID[grade_id]
    fitting = [name for name in EXERCISE_BY_ID if f"{grade_id}_".startswith(f"{name}_")]
    if fitting:
        return EXERCISE_BY_ID[max(fitting, key=len)]
    return Question(grade_id, "")


def find_place(owner: Exercise | Question) -> tuple[int, str]:
    """Return what sorts owners as they stand in a notebook: exercises first, then questions."""
    return _ORDER.get(owner.id, len(_ORDER)), owner.id
