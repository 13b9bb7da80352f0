"""The corpus through the real grader: here the exercises that changed since they last passed, in CI all of them."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from helpers.exercises import EXERCISE_BY_ID, EXERCISES
from helpers.grading.notebooks.paths import BUILD, ROOT
from tests.answers.corpus import CORPUS, read_entries
from tests.answers.grading import grade_entries, list_possible, make_exercise
from tests.answers.verdicts import Verdict, find_failures, write_csv
from tests.support.require_sandbox import require_sandbox

PASSED = BUILD / "answers_passed.json"
# Rooms of helpers/grading that decide about no answer.
NOT_IN_THE_WAY = ("exports", "feedback", "gradebook", "intake", "lms", "nbgrader_plugins", "page_style", "report")
IDS = [exercise.id for exercise in EXERCISES]


def hash_exercise(exercise: str) -> str:
    """Name all that decides about an exercise's answers: cells, corpus, its checks, and the helpers they use."""
    digest = hashlib.sha256(make_exercise(exercise).sha256.encode())
    digest.update((CORPUS / f"{exercise}.toml").read_bytes())
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        if _matters(path.relative_to(ROOT / "helpers"), EXERCISE_BY_ID[exercise].notebook):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _matters(path: Path, notebook: str) -> bool:
    if path.parts[0] == "checks" and len(path.parts) > 2:
        return path.parts[1] == notebook.partition("_")[2]
    return path.parts[0] != "grading" or path.parts[1] not in NOT_IN_THE_WAY


def read_passed() -> dict[str, str]:
    """Return the hash with which each exercise passed last."""
    try:
        return json.loads(PASSED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


@pytest.fixture(scope="module")
def verdicts():
    """The verdicts on every entry that has to be graded, by exercise; what passes is noted at the end."""
    require_sandbox()
    hashes, passed = {exercise: hash_exercise(exercise) for exercise in IDS}, read_passed()
    changed = [name for name in IDS if "CI" in os.environ or passed.get(name) != hashes[name]]
    entries = [entry for name in changed for entry in read_entries(name, list_possible(name))]
    graded = [Verdict(*pair) for pair in grade_entries(entries, workers=os.cpu_count() or 1)]
    write_csv(BUILD / "answers.csv", graded)
    found = {name: [verdict for verdict in graded if verdict.entry.exercise == name] for name in changed}
    passed |= {name: hashes[name] for name in changed if not find_failures(found[name])}
    PASSED.write_text(json.dumps(passed, indent=1), encoding="utf-8")
    return found


@pytest.mark.parametrize("exercise", IDS)
def test_wrong_answers_lose_their_points_for_the_right_cause_and_right_ones_get_all(verdicts, exercise):
    if exercise not in verdicts:
        pytest.skip("unchanged since it passed")
    misses = [f"{verdict.entry.title}: {verdict.explain()}" for verdict in verdicts[exercise] if not verdict.is_right]
    assert find_failures(verdicts[exercise]) == [], "\n".join(misses)


def test_the_corpus_is_large_enough():
    entries = [entry for exercise in IDS for entry in read_entries(exercise, list_possible(exercise))]
    assert sum(entry.cause is not None for entry in entries) >= 8 * len(IDS)


@pytest.mark.parametrize("exercise", IDS)
def test_every_exercise_has_the_notebook_of_its_checks(exercise):
    """The hash above looks for an exercise's checks in the folder that its notebook is named for."""
    assert (ROOT / "helpers" / "checks" / EXERCISE_BY_ID[exercise].notebook.partition("_")[2]).is_dir()


def test_the_rooms_that_decide_nothing_are_there():
    assert [room for room in NOT_IN_THE_WAY if not (ROOT / "helpers" / "grading" / room).is_dir()] == []
