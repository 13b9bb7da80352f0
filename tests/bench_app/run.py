"""The whole comparison: photos, models one after the other, Timer, files."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from helpers.devices import list_devices
from helpers.grading.notebooks.paths import BUILD
from tests.bench_app.figure import draw_figure
from tests.bench_app.photos import MEGAPIXELS, make_photos
from tests.bench_app.rounds import ModelPlan, bench_model
from tests.bench_app.rows import AppRow, write_csv
from tests.bench_app.timer_check import compare_with_timer

GOAL = 2.0  # times as fast as the loop: the first model, compiled
_CACHE = "TORCHINDUCTOR_CACHE_DIR"


def run_bench(
    plans: Sequence[ModelPlan],
    *,
    photos: int,
    pairs: int,
    cores: int,
    compile: bool = True,
    timer_pairs: int = 10,
    build: Path = BUILD,
    megapixels: tuple[float, float] = MEGAPIXELS,
) -> list[AppRow]:
    """Compare app and loop on every model and measure_latency with Timer; return the rows.

    Both sides get `cores` cores. Photos of `megapixels` are made in `build`/bench, once; the rows are written to
    `build`/bench.csv and drawn in `build`/bench.png.
    """
    paths = make_photos(build / "bench" / "photos", photos, megapixels=megapixels)
    rows = []
    with _fresh_compile_cache():
        for plan in plans:
            some = paths[: max(1, round(len(paths) * plan.share))]
            rows += bench_model(plan, some, pairs=pairs, cores=cores, compile=compile)
    draw_figure(rows, build / "bench.png", model=plans[0].name, goal=GOAL)
    rows.append(compare_with_timer(pairs=timer_pairs))
    machine = {"processor": list_devices()[0].description, "cores": str(cores), "torch": torch.__version__}
    write_csv(rows, build / "bench.csv", machine=machine)
    return rows


@contextlib.contextmanager
def _fresh_compile_cache() -> Iterator[None]:
    """Let torch.compile find nothing from before, so that its seconds are those of a first time."""
    before = os.environ.get(_CACHE)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ[_CACHE] = folder
        try:
            yield
        finally:
            del os.environ[_CACHE]
            if before is not None:
                os.environ[_CACHE] = before
