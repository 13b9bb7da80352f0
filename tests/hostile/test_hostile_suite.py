"""The suite itself: it is large enough, says what it tries, and would notice an attack that succeeds."""

import csv
import sys

import pytest

from tests.hostile.attacks import Attack, read_attacks
from tests.hostile.cases import is_in_quick_tier
from tests.hostile.configurations import UNPROTECTED, list_configurations, run_configuration
from tests.hostile.exercise import ALL_POINTS, fill_in, read_exercise, write_solution
from tests.hostile.outcome import FAILED, REPELLED, Outcome
from tests.hostile.suite import list_judge_attacks, list_sandbox_attacks
from tests.hostile.table import COLUMNS, join_parts, write_part


def test_there_are_enough_attacks_each_with_its_own_name():
    for attacks in (list_sandbox_attacks(), list_judge_attacks()):
        names = [attack.name for attack in attacks]
        assert len(names) == len(set(names)) >= 100


def test_every_attack_says_what_it_tries():
    assert all(attack.tries.endswith(".") for attack in (*list_sandbox_attacks(), *list_judge_attacks()))


def test_an_unknown_status_in_a_file_is_refused(tmp_path):
    (tmp_path / "odd.toml").write_text('[odd]\ntries = "x."\nstatus = "fine"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="odd expects a status that does not exist: fine"):
        read_attacks(tmp_path)


def test_the_exercise_hides_its_secret_from_students(tmp_path):
    write_solution(tmp_path / "01_setup.ipynb", secret="very-secret")
    template = read_exercise(tmp_path / "01_setup.ipynb")
    assert "very-secret" in str(template.full) and "very-secret" not in str(fill_in(template))
    points = [
        cell.metadata.nbgrader.points
        for cell in template.cells.values()
        if cell.cell_type == "code" and "points" in cell.metadata.nbgrader
    ]
    assert sum(points) == ALL_POINTS


@pytest.mark.parametrize(
    "status, faults, result",
    [("graded", (), REPELLED), ("tampered", (), FAILED), ("graded", ("leaked",), FAILED)],
)
def test_another_status_and_every_fault_is_a_failure(status, faults, result):
    assert Outcome("here", Attack("reads", "Reads."), status, ALL_POINTS, faults).result == result


def test_too_many_points_are_a_failure():
    attack = Attack("earns", "Earns.", points=None, most_points=2)
    assert Outcome("here", attack, "graded", 3.0).wrong == ["earned 3 points"]


def test_the_table_holds_every_configuration(tmp_path):
    for name in ("one", "two"):
        row = Outcome(name, Attack("reads", "Reads."), "graded", ALL_POINTS, ("leaked, twice",)).row
        write_part(name, [row], folder=tmp_path / "parts")
    join_parts(folder=tmp_path / "parts", table=tmp_path / "hostile.csv")
    with (tmp_path / "hostile.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["configuration"], row["outcome"]) for row in rows] == [
        ("one", "graded, 6; leaked, twice"),
        ("two", "graded, 6; leaked, twice"),
    ]


def test_root_and_ordinary_users_meet_the_same_attacks():
    names = {name: [attack.name for attack in found.attacks] for name, found in list_configurations().items()}
    assert (
        names["root-namespaces"] == names["root-landlock"] == names["ordinary-namespaces"] == names["ordinary-landlock"]
    )


def test_make_test_tries_every_attack_and_those_on_the_sandbox_in_each_backend():
    tried = {
        (attack.name, configuration.backend)
        for configuration in list_configurations().values()
        for attack in configuration.attacks
        if is_in_quick_tier(configuration.name, attack)
    }
    sandbox = {attack.name for attack in list_sandbox_attacks()}
    assert {(name, backend) for name in sandbox for backend in ("namespaces", "landlock")} <= tried
    assert {name for name, _ in tried} == sandbox | {attack.name for attack in list_judge_attacks()}


@pytest.mark.skipif(sys.platform != "linux", reason="the grader needs Linux")
def test_without_a_sandbox_the_attacks_succeed_and_are_noticed():
    rows = run_configuration(UNPROTECTED)
    assert {row["attack"]: row["result"] for row in rows} == {attack.name: FAILED for attack in UNPROTECTED.attacks}
