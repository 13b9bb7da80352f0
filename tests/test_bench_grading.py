"""`make bench-grading`: what a command took is counted whole, classes are always the same, numbers follow."""

import csv
import os
import subprocess
import sys
from collections import Counter

import nbformat
import pytest

from helpers.grading.bench_grading import __main__ as program
from helpers.grading.bench_grading import class_of, honest, points, rows
from helpers.grading.bench_grading.large import describe_runs
from helpers.grading.bench_grading.large_run import LargeRun, Sample
from helpers.grading.bench_grading.memory import list_descendants, read_memory
from helpers.grading.bench_grading.processes import Usage
from helpers.grading.bench_grading.sides import HARNESS, ONE_THREAD, PLAIN
from helpers.grading.judge.restore import restore_notebook
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks import list_notebooks, read_notebook
from helpers.grading.records import GRADED, NotebookRecord, SubmissionRecord

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
        "import sys; from pathlib import Path; from helpers.grading.bench_grading.processes import run_measured\n"
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
    harness = [rows.Run(2, 20.0, 10.0, 90.0), rows.Run(2, 20.0, 30.0, 95.0)]
    plain = [rows.Run(1, 100.0, 60.0, 70.0), rows.Run(1, 140.0, 120.0, 80.0)]
    size = {"students": 2, "notebooks": 14}
    row = rows.make_row(PLAIN, plain, harness, **size)
    assert (row.wall_s, row.cpu_s, row.peak_mb) == (90.0, 120.0, 80.0)
    assert (row.wall_ratio, row.wall_ratio_lowest, row.cpu_ratio) == (9.0, 8.0, 12.0)
    own, floor = (
        rows.make_row(HARNESS, harness, harness, **size),
        rows.make_row(rows.FLOOR, [rows.Run(1, 6.5)] * 2, harness, **size),
    )
    assert (floor.wall_s, floor.wall_ratio, floor.cpu_ratio) == (None, None, None)
    assert rows.count_overhead_s([row, own, floor]) == pytest.approx(0.5)
    assert rows.count_overhead_s([row, own]) is None
    one_thread = rows.make_row(ONE_THREAD, [rows.Run(2, 1.0, 90.0, 1.0)], harness, **size)
    told = program.judge([row, one_thread, own, floor])
    assert [line.rpartition(": ")[2] for line in told] == ["reached.", "NOT reached.", "reached."]
    table = rows.format_rows([row, own, floor])
    assert PLAIN in table and "9.00" in table and "6.50" in table


def test_a_csv_says_where_it_was_measured(tmp_path):
    row = rows.make_row(HARNESS, [rows.Run(1, 1.0, 1.0, 1.0)], [], students=1, notebooks=7)
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
    return LargeRun(students, Usage(0, 60.0, 90.0, 900.0, 0), samples, records)


def test_growth_is_told():
    small, large = make_large_run(30, cpu_s=2.0, grader_mb=100.0), make_large_run(300, cpu_s=2.2, grader_mb=150.0)
    lines = describe_runs(small, large)
    assert any("Median CPU-s: +10.0% (goal: within 15%): reached." in line for line in lines)
    assert any("Memory of the grader: +50.0% (goal: at most +10%): NOT reached." in line for line in lines)
