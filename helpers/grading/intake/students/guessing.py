"""Guess whose file it is, for an example that a person looks over before it counts."""

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterable, Sequence

from helpers.grading.files.names import fold, fold_id
from helpers.grading.intake.students.marks_of_students import fold_names, list_ids
from helpers.grading.records import Student

SHOWN = 10
SHORTEST_ID, SHORTEST_NAME, SHORTEST_START = 2, 5, 5  # letters: shorter ones stand in other words by chance
HOW = (
    "Where names do not tell whose work it is, write files.csv, a line for each file or folder (a * is anything), look "
    "over every line, and give ROSTER=students.csv MAP=files.csv. It begins like this:\n\n{example}"
)


def explain_map(strangers: Iterable[Sequence[str]], roster: Collection[Student]) -> str:
    """Return how to write files.csv, with an example: the first strangers' names, filled in as far as can be guessed.

    Several names that surely are one stranger's become a line with a *.
    """
    strangers, buffer = list(strangers), io.StringIO()
    shown = [line for names in strangers for line in _shorten(names, strangers)][:SHOWN]
    rows = [(name, guess_student(name, roster)) for name in shown]
    csv.writer(buffer, lineterminator="\n").writerows([("file", "student"), *rows])
    return HOW.format(example=buffer.getvalue())


def _shorten(names: Sequence[str], strangers: Iterable[Sequence[str]]) -> Sequence[str]:
    """Return one stranger's names, or how they all begin, if nobody else's begins so."""
    same = itertools.takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    start = "".join(signs[0] for signs in same)
    others = (name for other in strangers if other is not names for name in other)
    is_own = len(start) >= SHORTEST_START and not any(name.startswith(start) for name in others)
    return [f"{start}*"] if len(names) > 1 and is_own else names


def guess_student(name: str, roster: Collection[Student]) -> str:
    """Return the id of the only student whose login, other id or whole name stands in the name of a file, else ""."""
    words, letters = set(re.findall(r"[^\W_]+", fold_id(name))), fold(name)
    found = {student.id for student in roster if _is_named(student, words, letters, fold_id(name))}
    return found.pop() if len(found) == 1 else ""


def _is_named(student: Student, words: set[str], letters: str, name: str) -> bool:
    marks = {fold_id(mark) for mark in (student.id, *list_ids(student)) if len(mark) >= SHORTEST_ID}
    parts = {fold_id(part) for part in (student.first_name, student.last_name) if part}
    is_whole = any(len(one) >= SHORTEST_NAME and one in letters for one in fold_names(student))
    return (
        bool(marks & words)
        or any("@" in mark and mark in name for mark in marks)
        or is_whole
        or (len(parts) == 2 and parts <= words)
    )
