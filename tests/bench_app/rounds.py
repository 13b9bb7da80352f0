"""Run the sides in turn, and turn one model's runs into rows."""

import contextlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from tests.bench_app.rows import AppRow, compare_runs
from tests.bench_app.sides import AppRun, AppSide, LoopSide, import_solution

LOOP, LOOP_AGAIN = "loop", "loop again"
OTHER_LOOPS = {"loop, usual memory": {"tuned_memory": False}, "loop, threads sleep": {"sleeping": True}}
EAGER, COMPILED = "app, eager", "app, compiled"
_WARM_UP_PHOTOS = 16


class AppBenchSide(Protocol):
    """Something that classifies photos; ready when it has been made."""

    start_s: float
    compile_s: float

    def run(self, paths: Sequence[Path]) -> AppRun: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class ModelPlan:
    """A model to compare with, its weights as in models.load_classifier.

    share: part of the photos that are used, for slow models. noise: whether to compare the loop with itself too,
    and with a loop in the system's usual environment.
    """

    name: str
    weights: str | None
    share: float = 1.0
    noise: bool = False


def bench_model(plan: ModelPlan, paths: Sequence[Path], *, pairs: int, cores: int, compile: bool) -> list[AppRow]:
    """Compare the app, eager and compiled, with the loop on one model; one row each, and those on noise."""
    with contextlib.ExitStack() as stack:
        sides, missing = _start_sides(stack, plan, cores=cores, compile=compile)
        runs = alternate(sides, paths, pairs=pairs, title=plan.name)
    rows = [_make_row(plan.name, name, sides[name], runs, cores=cores, photos=len(paths)) for name in runs]
    empty = [AppRow(plan.name, name, LOOP, len(paths), note=note) for name, note in missing.items()]
    return rows[1:] + empty  # the first would compare the loop with the very same runs


def _start_sides(
    stack: contextlib.ExitStack, plan: ModelPlan, *, cores: int, compile: bool
) -> tuple[dict[str, AppBenchSide], dict[str, str]]:
    """Start the sides, which `stack` will close; also say why a side is missing."""

    def start(kind: type, **options) -> AppBenchSide:
        side = kind(plan.name, weights=plan.weights, **options)
        stack.callback(side.close)
        return side

    sides = {LOOP: start(LoopSide, threads=cores), EAGER: start(AppSide, cores=cores, compile=False)}
    missing = {} if compile else {COMPILED: "left out, as asked"}
    if compile:
        try:
            sides[COMPILED] = start(AppSide, cores=cores, compile=True)
        except import_solution("batch_predictor").EngineError as error:
            missing[COMPILED] = str(error)
    if plan.noise:
        for name, options in OTHER_LOOPS.items():
            sides[name] = start(LoopSide, threads=cores, **options)
        sides[LOOP_AGAIN] = sides[LOOP]
    return sides, missing


def _make_row(
    model: str, name: str, side: AppBenchSide, runs: Mapping[str, Sequence[AppRun]], *, cores: int, photos: int
) -> AppRow:
    row = AppRow(model, name, LOOP, photos, start_s=side.start_s, compile_s=side.compile_s)
    return compare_runs(row, runs[name], runs[LOOP], workers=cores)


def alternate(
    sides: Mapping[str, AppBenchSide], paths: Sequence[Path], *, pairs: int, title: str = ""
) -> dict[str, list[AppRun]]:
    """Let each side classify all photos `pairs` times, in turn, every second time in reversed order."""
    for side in sides.values():
        side.run(paths[:_WARM_UP_PHOTOS])
    runs: dict[str, list[AppRun]] = {name: [] for name in sides}
    with tqdm(total=len(sides) * pairs, desc=title, unit="run", file=sys.stdout) as bar:
        for number in range(pairs):
            for name in list(sides)[:: -1 if number % 2 else 1]:
                runs[name].append(sides[name].run(paths))
                bar.update()
    return runs
