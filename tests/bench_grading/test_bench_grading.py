"""`make bench-grading`: what a command took is counted whole, classes are always the same, numbers follow."""

import csv
import os
import subprocess
import sys
from collections import Counter

import nbformat
import pytest

from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks.paths import list_notebooks, read_notebook
from helpers.grading.records import GRADED, NotebookRecord, SubmissionRecord
from tests.bench_grading import __main__ as program
from tests.bench_grading import class_of, honest, points, rows
from tests.bench_grading.large import describe_runs
from tests.bench_grading.large_run import LargeRun, Phases, Sample, find_phases
from tests.bench_grading.memory import list_descendants, read_memory
from tests.bench_grading.parts import Parts, format_parts, sum_up
from tests.bench_grading.processes import Usage
from tests.bench_grading.sides import HARNESS, PLAIN

ORPHAN = """
import subprocess, sys, time
burn = "import time; start = time.process_time()\\nwhile time.process_time() - start < 0.5: pass"
subprocess.Popen([sys.executable, "-c", burn], start_new_session=True)
print("told")
sys.exit(3)
"""
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="descendants are followed through /proc")


# ---- What a command took ----


@linux_only
def test_an_orphans_seconds_count(tmp_path):
    """In a process of its own, since measuring collects every child of the process that measures."""
    code = (
        "import sys; from pathlib import Path; from tests.bench_grading.processes import run_measured\n"
        f"folder = Path({str(tmp_path)!r})\n"
        f"usage = run_measured([sys.executable, '-c', {ORPHAN!r}], folder=folder, log=folder / 'log')\n"
        "assert usage.status == 3 and usage.cpu_s >= 0.5 and usage.left_over == 0, usage"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "log").read_text().strip() == "told"


@linux_only
def test_descendants_and_their_memory_are_found():
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            assert process.pid in list_descendants(os.getpid())
        finally:
            process.kill()
    assert process.pid not in list_descendants(os.getpid())
    own = read_memory(os.getpid())
    assert 10 < own.pss_mb <= own.rss_mb
    assert read_memory(process.pid).pss_mb == 0


# ---- Classes ----


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twelve")
    return folder, honest.write_class(folder)


def test_the_class_is_honest_varied_and_always_the_same(twelve, tmp_path):
    folder, names = twelve
    assert len(names) == len(set(names)) == 12
    templates = read_templates()
    for name in names:
        for path in list_notebooks(folder / name):
            assert restore_notebook(read_notebook(path), templates[path.stem]).changes == ()
    assert honest.write_class(tmp_path, 6) == names[:6]
    for name in names[:6]:
        for path in list_notebooks(folder / name):
            sources = [
                [cell.source for cell in read_notebook(one).cells] for one in (path, tmp_path / name / path.name)
            ]
            assert sources[0] == sources[1]


def test_terse_answers_mean_the_same():
    assert honest.make_terse("def f(x):  # doubles\n    return (2 *\n        x)") == "def f(x):\n    return 2 * x"
    assert honest.make_terse("Because it was trained so.") == "Because it was trained so."


def test_the_large_class_keeps_its_mix(tmp_path):
    submissions, roster = class_of.write_class_of(30, tmp_path, notebooks=["01_setup"])
    kinds = Counter(path.name.partition("-")[2] for path in submissions.iterdir())
    assert (kinds["blank"], kinds["copied"], kinds["solved"]) == (18, 6, 3)
    assert sum(kinds[name] for name in class_of.BROKEN) == 3
    with roster.open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 31
    for folder in submissions.iterdir():
        assert [path.name for path in folder.iterdir()] == ["01_setup.ipynb"]


def test_every_kind_of_broken_submission_can_be_written(tmp_path):
    submissions, _ = class_of.write_class_of(10 * len(class_of.BROKEN), tmp_path, notebooks=["01_setup", "02_loading"])
    for name in class_of.BROKEN:
        (folder,) = submissions.glob(f"*-{name}")
        if name == "not-json":
            with pytest.raises(nbformat.reader.NotJSONError):
                read_notebook(folder / "01_setup.ipynb")
        else:
            assert read_notebook(folder / "01_setup.ipynb").cells


# ---- From runs to numbers ----


def test_rows_sum_up_shares_and_whole_classes():
    harness = [rows.GradingRun(2, 20.0, 10.0, 90.0, 3.0, 1.0), rows.GradingRun(2, 20.0, 30.0, 95.0, 5.0, 2.0)]
    plain = [rows.GradingRun(1, 100.0, 60.0, 70.0), rows.GradingRun(1, 140.0, 1_200.0, 80.0)]
    size = {"students": 2, "notebooks": 14}
    row = rows.make_row(PLAIN, plain, harness, **size)
    assert (row.wall_s, row.cpu_s, row.peak_mb) == (630.0, 120.0, 80.0)
    assert (row.wall_ratio, row.wall_ratio_lowest, row.cpu_ratio) == (63.0, 12.0, 12.0)
    own = rows.make_row(HARNESS, harness, harness, **size)
    assert (own.start_up_s, own.end_s, own.further_s) == (4.0, 1.5, 14.5)
    assert (row.start_up_s, row.end_s, row.further_s) == (None, None, None)
    costs = {"01_setup": Parts(0.1, 0.2, 0.3, 0.4, 0.5), "gradebook": Parts(0, 0, 0, 0, 2.0)}
    told = program.judge([row, own], costs)
    assert [line.rpartition(": ")[2] for line in told] == ["reached.", "NOT reached."]
    assert "63.0 times" in told[0] and "3.50 CPU-s" in told[1]
    table = rows.format_rows([row, own])
    assert PLAIN in table and "630.00" in table and "4.0 s up to the first result, 14.50 s for each" in table


def test_a_solved_submission_is_taken_apart():
    costs = {"01_setup": Parts(0.1, 0.2, 0.3, 0.4, 0.5), "gradebook": Parts(0, 0, 0, 0, 2.0)}
    assert sum_up(costs) == Parts(0.1, 0.2, 0.3, 0.4, 2.5)
    first, *_, last = format_parts(costs).splitlines()
    assert first.split()[-6:] == ["sandbox", "cells", "questions", "judging", "writing", "all"]
    assert last.split() == ["all", "0.10", "0.20", "0.30", "0.40", "2.50", "3.50"]


def test_a_csv_says_where_it_was_measured(tmp_path):
    row = rows.make_row(HARNESS, [rows.GradingRun(1, 1.0, 1.0, 1.0)], [], students=1, notebooks=7)
    rows.write_csv([row], tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as stream:
        (line,) = csv.DictReader(stream)
    assert line["side"] == HARNESS and line["torch"] and line["processor"]


def test_different_scores_are_told():
    one = {("ann", "01_setup", "a"): (1.0, 2.0, False), ("ann", "01_setup", "b"): (0.0, 1.0, True)}
    assert points.list_differences(one, dict(one)) == []
    other = one | {("ann", "01_setup", "a"): (2.0, 2.0, False)}
    assert points.list_differences(one, other) == ["ann / 01_setup / a: 1 of 2 and 2 of 2"]
    del other["ann", "01_setup", "b"]
    assert "0 of 1, waits for a person and no grade" in points.list_differences(one, other)[1]


def make_large_run(students, *, cpu_s, grader_mb):
    notebooks = (NotebookRecord("01_setup", GRADED, cpu_s=cpu_s),)
    records = {str(number): SubmissionRecord(str(number), GRADED, notebooks=notebooks) for number in range(3)}
    samples = [Sample(students, 1.0, 1, grader_mb, 50.0, 500.0, 900.0)]
    return LargeRun(students, Usage(0, 60.0, 90.0, 900.0, 0), Phases(5.0, 40.0, 50.0, 2.0), samples, records)


def test_growth_is_told():
    small, large = make_large_run(30, cpu_s=2.0, grader_mb=100.0), make_large_run(300, cpu_s=2.2, grader_mb=150.0)
    lines = describe_runs(small, large)
    assert any("Median CPU-s: +10.0% (goal: within 15%): reached." in line for line in lines)
    assert any("Memory of the grader: +50.0% (goal: at most +20%): NOT reached." in line for line in lines)
    assert any("To the last record: 0.8 minutes (goal: under 8): reached." in line for line in lines)
    assert any("Pages: 50 s (goal: no longer than grading, 45 s): NOT reached." in line for line in lines)


def test_what_a_run_was_at_is_told_by_its_files(tmp_path):
    files = {
        "grading/exercise_01/records/s1.json": 110,
        "grading/exercise_01/records/s2.json": 150,
        "feedback/s1-exercise_01.zip": 170,
    }
    for name, time_s in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (time_s, time_s))
    assert find_phases(tmp_path, 100, 175) == Phases(10, 40, 20, 5)
