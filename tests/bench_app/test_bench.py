"""`make bench`: the numbers follow from the seconds, and a tiny run writes its table and its figure."""

import csv
import dataclasses
import json

import pytest
from PIL import Image

from tests.bench_app import __main__ as program
from tests.bench_app import photos, rounds, timer_check
from tests.bench_app.figure import list_speeds
from tests.bench_app.rounds import COMPILED, EAGER, LOOP, LOOP_AGAIN, OTHER_LOOPS, ModelPlan
from tests.bench_app.rows import AppRow, compare_runs, format_bounds, format_speeds
from tests.bench_app.run import run_bench
from tests.bench_app.sides import AppRun, import_solution

MODEL = "efficientnet_lite0"
SMALL = (0.05, 0.08)  # megapixels


# ---- From seconds to numbers ----


@pytest.fixture
def row():
    """100 photos, three pairs: the app takes 2, 2.5 and 4 s, the loop 5, 5 and 6 s."""
    app = [AppRun(seconds, (1, 2, 3, 4), reading_s=1.0, model_s=3.0) for seconds in (2.0, 2.5, 4.0)]
    loop = [AppRun(seconds, (1, 2, 3, 9)) for seconds in (5.0, 5.0, 6.0)]
    return compare_runs(AppRow(MODEL, COMPILED, LOOP, photos=100, compile_s=30.0), app, loop, workers=2)


def test_ratios_come_pair_by_pair(row):
    assert (row.pairs, row.per_s, row.against_per_s) == (3, 40.0, 20.0)
    assert (row.ratio, row.ratio_lowest, row.ratio_highest) == (2.0, 1.5, 2.5)
    assert row.same_top1 == 0.75


def test_bounds_come_from_the_workers_own_seconds(row):
    """Two workers have 2 x 2.5 s: 3 s for the model, 1 s for reading, 1 s left."""
    assert row.model_alone_per_s == pytest.approx(2 * 100 / 3)
    assert row.reading_alone_per_s == pytest.approx(200)
    assert row.bound_by == "model 60%, reading 20%, waiting 20%"
    loop = [AppRun(1.0, (1,))]
    assert compare_runs(AppRow(MODEL, LOOP_AGAIN, LOOP, photos=1), loop, loop, workers=2).bound_by == ""


def test_tables_tell_the_numbers(row):
    missing = AppRow(MODEL, COMPILED, LOOP, photos=100, note="no compiler")
    speeds, bounds = format_speeds([row, missing]), format_bounds([row, missing])
    for text in ("100 x 3", "40.0", "20.0", "2.00", "1.50", "2.50", "75.0%", "no compiler"):
        assert text in speeds
    for text in ("66.7", "200.0", "model 60%", "30.0"):
        assert text in bounds
    assert format_bounds([missing]) == ""


def test_goals_are_judged(row):
    timer = timer_check.summarize_pairs([10.0, 10.0, 10.0], [10.2, 9.0, 10.2])
    assert timer.ratio == pytest.approx(1.02)
    lines = program.judge([row], timer, headline=MODEL)
    assert [line.rpartition(": ")[2] for line in lines] == ["reached.", "NOT reached.", "reached."]
    assert "2.00 times" in lines[0] and "75.0%" in lines[1] and "2.0% (median of 3 pairs, -10.0% to +2.0%)" in lines[2]
    sleepy = dataclasses.replace(row, what="loop, threads sleep", ratio=1.25)
    assert program.compare_with_fastest_loop([row, sleepy], MODEL) == [1.6]
    nothing = AppRow(MODEL, COMPILED, LOOP, photos=1, note="no compiler")
    assert program.judge([nothing], nothing, headline=MODEL) == []


# ---- Who runs when ----


class ScriptedSide:
    """A side that writes down when it ran."""

    start_s = compile_s = 0.0

    def __init__(self, name, log):
        self.name, self.log = name, log

    def run(self, paths):
        self.log.append((self.name, len(paths)))
        return AppRun(1.0, tuple(0 for _ in paths), reading_s=0.5, model_s=0.5)

    def close(self):
        self.log.append((self.name, "closed"))


def test_sides_take_turns_after_a_warm_up():
    log = []
    sides = {name: ScriptedSide(name, log) for name in "ABC"}
    runs = rounds.alternate(sides, list(range(40)), pairs=3)
    assert [name for name, number in log if number == rounds._WARM_UP_PHOTOS] == list("ABC")
    assert "".join(name for name, number in log if number == 40) == "ABCCBAABC"
    assert {name: len(of_side) for name, of_side in runs.items()} == {"A": 3, "B": 3, "C": 3}


def test_without_a_compiler_the_rest_is_compared(monkeypatch):
    log = []

    def start_app(name, *, compile, **options):
        if compile:
            raise import_solution("batch_predictor").EngineError("no compiler")
        return ScriptedSide("app", log)

    monkeypatch.setattr(rounds, "AppSide", start_app)
    monkeypatch.setattr(rounds, "LoopSide", lambda name, **options: ScriptedSide("loop", log))
    rows = rounds.bench_model(ModelPlan(MODEL, None, noise=True), [None] * 4, pairs=1, cores=2, compile=True)
    assert [(row.what, row.note) for row in rows] == [
        (EAGER, ""),
        *((name, "") for name in OTHER_LOOPS),
        (LOOP_AGAIN, ""),
        (COMPILED, "no compiler"),
    ]
    assert [name for name, number in log if number == "closed"] == ["loop", "loop", "app", "loop"]


# ---- Photos ----


def test_photos_are_distinct_and_always_the_same(tmp_path):
    first = [path.read_bytes() for path in photos.make_photos(tmp_path / "a", 5, megapixels=SMALL)]
    second = [path.read_bytes() for path in photos.make_photos(tmp_path / "b", 3, megapixels=SMALL)]
    assert first[:3] == second
    assert len(set(first)) == 5


def test_photos_are_kept_until_the_recipe_changes(tmp_path):
    (path,) = photos.make_photos(tmp_path, 1, megapixels=SMALL)
    path.write_bytes(b"kept")
    assert photos.make_photos(tmp_path, 1, megapixels=SMALL)[0].read_bytes() == b"kept"
    assert photos.make_photos(tmp_path, 1, megapixels=SMALL, seed=1)[0].read_bytes() != b"kept"
    assert json.loads((tmp_path / "recipe.json").read_text())["seed"] == 1


def test_photos_are_as_large_as_asked(tmp_path):
    for path in photos.make_photos(tmp_path, 2):
        with Image.open(path) as photo:
            assert 1.29e6 < photo.width * photo.height < 1.91e6
            assert (photo.format, photo.mode) == ("JPEG", "RGB")


# ---- A tiny run ----


@pytest.mark.thorough  # those above guard its parts
def test_a_tiny_run_writes_table_and_figure(tmp_path):
    plans = [ModelPlan(MODEL, "DEFAULT")]
    rows = run_bench(plans, photos=4, pairs=1, cores=1, compile=False, timer_pairs=1, build=tmp_path, megapixels=SMALL)
    assert [(row.what, row.against) for row in rows] == [(EAGER, LOOP), (COMPILED, LOOP), ("measure_latency", "Timer")]
    eager, compiled, timer = rows
    assert (eager.photos, eager.pairs, eager.same_top1) == (4, 1, 1.0)
    assert eager.ratio == pytest.approx(eager.per_s / eager.against_per_s)
    assert compiled.ratio is None and compiled.note
    assert timer.ratio > 0
    with (tmp_path / "bench.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [line["what"] for line in table] == [row.what for row in rows]
    assert float(table[0]["ratio"]) == pytest.approx(eager.ratio, rel=1e-3)
    assert table[0]["torch"] and table[0]["processor"] and table[0]["cores"] == "1"
    with Image.open(tmp_path / "bench.png") as figure:
        assert figure.width > 1000
    assert list(list_speeds(rows, MODEL)) == [LOOP, EAGER, "model alone, eager", "reading alone"]
