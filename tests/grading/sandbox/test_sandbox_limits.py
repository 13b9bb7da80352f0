"""What confined code may use is bounded, nothing is left behind, and the judge is always told."""

import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest

from helpers.grading.notebooks.paths import ROOT
from helpers.grading.sandbox.linux.priority import MAX_SESSIONS, share_one_weight
from tests.support.sandbox.program import make_open_folders, run_case

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")

SMALL = {"total_memory_mb": 300, "processes": 16, "file_mb": 8, "scratch_mb": 20, "scratch_files": 300}
COMBINATIONS = [
    pytest.param((user, backend, version), id=f"{user}-{backend}{version or ''}", marks=marks)
    for user, backend, version, marks in (
        ("as_is", "namespaces", None, ()),
        ("as_is", "landlock", None, pytest.mark.thorough),
        ("ordinary", "namespaces", None, pytest.mark.thorough),
        ("ordinary", "landlock", None, ()),
        ("ordinary", "landlock", 4, pytest.mark.thorough),  # signals are kept in by other means
    )
]


@pytest.fixture(params=COMBINATIONS)
def run(request) -> Iterator[Callable[..., dict]]:
    """Give a function that runs a case from loads.py and checks that nothing is left."""
    user, backend, version = request.param
    with make_open_folders("work") as top:
        settings = {
            "backend": backend,
            "landlock_version": version,
            "work": str(top / "work"),
            "readable": [str(ROOT / "tests")],
            "limits": SMALL,
        }

        def run(case: str, *, commands=(), wait=True, **arguments) -> dict:
            asked = {
                "case": case,
                "arguments": arguments,
                "commands": commands,
                "wait_for_report": wait,
            }
            result = run_case(settings | asked, user=user, temporary=top / "temporary")
            assert result["left"] == []
            assert [event["event"] for event in result["events"]].count("usage") == 1, result["events"]
            return result | {"backend": backend}

        yield run


def find(result: dict, name: str) -> dict | None:
    """Return the first event of a kind."""
    return next((event for event in result["events"] if event["event"] == name), None)


def test_usual_things_work(run):
    result = run("do_usual_things")
    assert result["report"] == [[]]
    assert find(result, "exited") == {"event": "exited", "status": 0}
    assert find(result, "usage")["cpu_s"] > 0
    assert find(result, "usage")["peak_mb"] > 1


def test_own_network_memory_and_terminals(run):
    result = run("do_what_needs_namespaces")
    assert result["report"] == (["done"] if result["backend"] == "namespaces" else [])


@pytest.mark.parametrize("case", ["fork_bomb", "breed_mayflies", "wake_each_other"])
def test_process_bombs(run, case):
    run(case, commands=[["end", 1.0]], wait=False)


def test_memory_of_all_together(run):
    result = run("use_memory_together", processes=8, each_mb=60)
    assert result["report"] == []
    assert find(result, "limit") == {"event": "limit", "what": "memory"}
    assert find(result, "exited")


def test_shared_memory_counts_once(run):
    result = run("share_memory", processes=6, each_mb=120)
    assert result["report"] == ["120 MB shared"]
    assert find(result, "limit") is None


@pytest.mark.parametrize(
    ("case", "arguments"),
    [("fill_scratch", {}), ("fill_with_deleted", {"mapped": False}), ("fill_with_deleted", {"mapped": True})],
)
def test_disk(run, case, arguments):
    result = run(case, **arguments)
    if result["report"] != ["refused"]:
        assert result["report"] == []
        assert find(result, "limit") == {"event": "limit", "what": "scratch"}


def test_number_of_files(run):
    result = run("make_many_files")
    assert result["report"] in (["refused"], [])


@pytest.mark.parametrize("depth", [90, 10_000])
def test_deep_folders(run, depth):
    assert run("nest_folders", depth=depth)["report"] in (["made them"], ["refused"], [])


def test_hidden_folders(run):
    assert run("hide_files")["report"] in (["hidden"], [])


def test_many_busy_processes_weigh_as_much_as_one(run):
    nice = share_one_weight(7)
    ((*children, own),) = run("keep_busy", processes=6, sessions=False, most_s=20, until_nice=nice)["report"]
    assert own == nice > 0 and set(children) == {own} and len(children) == 6


def test_a_few_busy_processes_stay_as_they_are(run):
    assert run("keep_busy", processes=1, sessions=False, most_s=2)["report"] == [[os.nice(0)] * 2]


def test_many_sessions_are_ended(run):
    result = run("keep_busy", processes=MAX_SESSIONS + 1, sessions=True, most_s=4)
    if result["backend"] == "namespaces":  # without them nobody gets a session
        assert result["report"] == []
        assert find(result, "limit") == {"event": "limit", "what": "processes"}


@pytest.mark.parametrize("count", [3, 8, 16, 40])
def test_so_many_tasks_weigh_as_much_as_one(count):
    assert 0.75 < count / 1.25 ** share_one_weight(count) <= 1


def test_orphans_end(run):
    assert run("leave_orphans")["report"] == ["left"]


def test_interrupt(run):
    result = run("sleep_long", commands=[["interrupt", 1.0]])
    assert result["report"] == ["interrupted"]


def test_kill(run):
    result = run("swallow_interrupts", commands=[["interrupt", 0.7], ["kill", 0.3]])
    assert result["report"] == []
    assert os.WTERMSIG(find(result, "exited")["status"]) == signal.SIGKILL


def test_end_of_control_is_the_end(run):
    run("swallow_interrupts", commands=[["close", 0.5]])


def test_exit_status(run):
    assert find(run("exit_with", status=3), "exited") == {"event": "exited", "status": 3 << 8}
