"""Set the `measure_latency` of notebook 05 (its solution) beside torch.utils.benchmark.Timer."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import torch
from torch.utils.benchmark import Timer

from helpers import models
from helpers.grading.notebooks.paths import SOLUTIONS, read_notebook
from tests.bench_app.rows import AppRow

MODEL = "efficientnet_lite0"
THREADS = 1  # for both; Timer's own default
_NOTEBOOK = SOLUTIONS / "05_latency.ipynb"
_CELLS = ("imports", "measure_latency")
_WARM_UP_CALLS, _CALLS = 3, 20
_TIMER_S = 0.5  # seconds for about as many calls


def compare_with_timer(*, pairs: int = 10, notebook: Path = _NOTEBOOK) -> AppRow:
    """Measure one photo's latency both ways, in alternating pairs at the same thread count, in one process."""
    try:
        measure_latency = read_measure_latency(notebook)
    except (FileNotFoundError, KeyError):
        return AppRow(MODEL, "measure_latency", "Timer", photos=1, note="notebook 05 holds no measure_latency yet")
    classifier = models.load_classifier(MODEL)
    crop = classifier.expects.crop_size
    photo = torch.rand(1, 3, crop, crop, generator=torch.Generator().manual_seed(0))
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        with torch.no_grad():
            return summarize_pairs(*_alternate(measure_latency, lambda: classifier.model(photo), pairs))
    finally:
        torch.set_num_threads(before)


def read_measure_latency(notebook: Path) -> Callable:
    """Return the function in the notebook. FileNotFoundError or KeyError if it is not there."""
    cells = {cell.id: cell.source for cell in read_notebook(notebook).cells}
    namespace = {}
    for name in _CELLS:
        exec(cells[name], namespace)
    return namespace["measure_latency"]


def summarize_pairs(ours_ms: Sequence[float], timers_ms: Sequence[float]) -> AppRow:
    """Return the row: calls a second, and as the ratio how many times longer Timer's median is, pair by pair."""
    ratios = [theirs / ours for ours, theirs in zip(ours_ms, timers_ms, strict=True)]
    return AppRow(
        MODEL,
        "measure_latency",
        "Timer",
        photos=1,
        pairs=len(ratios),
        per_s=1000 / median(ours_ms),
        against_per_s=1000 / median(timers_ms),
        ratio=median(ratios),
        ratio_lowest=min(ratios),
        ratio_highest=max(ratios),
        note=f"{THREADS} thread each; a difference of {abs(median(ratios) - 1):.1%}",
    )


def _alternate(measure_latency: Callable, fn: Callable, pairs: int) -> tuple[list[float], list[float]]:
    """Return the medians in ms of measure_latency and of Timer, which take turns in beginning."""
    timer = Timer("fn()", globals={"fn": fn}, num_threads=THREADS)
    ways = {
        "ours": lambda: measure_latency(fn, warmup=_WARM_UP_CALLS, iterations=_CALLS)["median_ms"],
        "Timer": lambda: timer.blocked_autorange(min_run_time=_TIMER_S).median * 1000,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(pairs):
        for name in list(ways)[:: -1 if number % 2 else 1]:
            times[name].append(ways[name]())
    return times["ours"], times["Timer"]
