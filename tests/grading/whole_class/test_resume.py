"""A run that is killed again and again ends where an undisturbed one does, and leaves nothing behind."""

import itertools
import os
import random
import sys
import time

import pytest

from helpers.grading.records import GRADED, IN_PART, MISSING, TAMPERED
from tests.bench_grading.memory import list_descendants
from tests.bench_grading.processes import adopt_orphans
from tests.support.require_sandbox import require_sandbox
from tests.support.resumable_class import (
    Command,
    find_left_over,
    kill,
    read_files,
    read_gradebook,
    read_record_files,
    read_timeless_records,
    write_class,
)
from tests.support.small_course import write_exercise

EARLY = "twice, after the first result"
KILLS = 6
# What the output shows, or what happens, before a kill; some more time passes after it, up to so many seconds.
MOMENTS = (("", 5.0), ("Taken in", 2.0), ("Grading", 8.0), (": graded", 1.0), ("pending", 0.05), ("Summary", 0.0))
WEIGHTS = (2, 2, 2, 3, 3, 1)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the sandbox, which Linux has")


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    require_sandbox()
    folder = tmp_path_factory.mktemp("material")
    exercise = write_exercise(folder / "exercise")
    write_class(folder, exercise)
    return folder, exercise


@pytest.fixture(scope="module")
def undisturbed(material, tmp_path_factory):
    command = Command(material[0], tmp_path_factory.mktemp("undisturbed") / "course", material[1])
    assert command.finish() == 0, command.read_log()
    return command


@pytest.fixture(scope="module", params=[EARLY, pytest.param("at many moments", marks=pytest.mark.thorough)])
def killed(request, material, tmp_path_factory):
    """A run that was killed several times and then ended; with what each kill found and what was left at the end."""
    adopt_orphans()
    others = list_descendants(os.getpid())  # of earlier tests in this process
    command = Command(material[0], tmp_path_factory.mktemp("killed") / "course", material[1])
    chance, kills = random.Random(4), []
    moments = chance.choices(MOMENTS, WEIGHTS, k=KILLS) if request.param != EARLY else [(": graded", 0.5)] * 2
    for moment, most_s in moments:
        process = command.start(workers=chance.choice((1, 2)))
        command.wait_for(process, moment)
        time.sleep(chance.uniform(0, most_s))
        left = kill(process, others=others)
        kills.append((moment, left, read_record_files(command.course)))
    status = command.finish()
    return command, kills, status, find_left_over(others=others)


def test_the_undisturbed_run_grades_everybody(undisturbed):
    statuses = {student: record.status for student, record in read_timeless_records(undisturbed.course).items()}
    assert statuses == dict.fromkeys(["ada", "bob", "cem", "dan", "eva"], GRADED) | {
        "fay": IN_PART,
        "gus": TAMPERED,
        "hal": MISSING,
    }


def test_killed_runs_end_where_the_undisturbed_one_does(undisturbed, killed):
    command, _, status, _ = killed
    assert status == 0, command.read_log()
    assert read_timeless_records(command.course) == read_timeless_records(undisturbed.course)
    assert read_gradebook(command.course) == read_gradebook(undisturbed.course)


@pytest.mark.parametrize(
    "folder, pattern", [("autograded", "*"), ("feedback", "*.html"), ("grading/exercise_01/exports", "*.csv")]
)
def test_the_files_are_the_same(undisturbed, killed, folder, pattern):
    expected, found = (read_files(command.course / folder, pattern) for command in (undisturbed, killed[0]))
    assert list(expected)
    assert sorted(found) == sorted(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


def test_nothing_is_graded_twice(killed):
    command, kills, *_ = killed
    records = [*(found for _, _, found in kills), read_record_files(command.course)]
    for before, after in itertools.pairwise(records):
        assert {student: after[student] for student in before} == before
    numbers = [len(found) for found in records]
    assert len(set(numbers)) > 2, f"kills should come at different moments, but the records grew like {numbers}"


def test_no_process_is_left_over(killed):
    _, kills, _, left_at_the_end = killed
    assert [(moment, left) for moment, left, _ in kills if left] == []
    assert left_at_the_end == []


def test_temporary_files_do_not_pile_up(undisturbed, killed):
    command = killed[0]
    assert list(command.scratch.iterdir()) == list(undisturbed.scratch.iterdir()) == []
    names = {str(path.relative_to(command.course)) for path in command.course.rglob("*")}
    expected = {str(path.relative_to(undisturbed.course)) for path in undisturbed.course.rglob("*")}
    assert names - expected == set()
