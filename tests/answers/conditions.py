"""Grade the corpus under other conditions: other random numbers, more threads, a busy machine. Verdicts must stay."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.checks.class_seed import NO_CLASS
from helpers.grading.notebooks.execute import HEADLESS_ENVIRONMENT
from helpers.grading.whole_class import workers

SEED = re.compile(r"\b(seed=|seed: int = |CHECK_SEED = |default_rng\(|manual_seed\()(\d[\d_]*)\b")


@dataclass(frozen=True)
class Conditions:
    """`seed` is added to every seed of the checks, `threads` are torch's, `busy` processes are in the way.

    From `class_seed` the numbers of hidden checks are drawn.
    """

    seed: int = 0
    threads: int = 1
    busy: int = 0
    class_seed: str = NO_CLASS


USUAL = Conditions()


def change_seeds(source: str, by: int) -> str:
    """Return code with `by` added to every seed that is written in it."""
    return SEED.sub(lambda found: f"{found[1]}{int(found[2]) + by}", source)


def change_seeds_of_checks(runtime: Path, by: int) -> None:
    """Do so in the copy of the check modules, and of the line's, that submitted code runs with."""
    paths = [path for room in ("checks", "line") for path in (runtime / "helpers" / room).rglob("*.py")]
    for path in paths:
        path.write_text(change_seeds(path.read_text(encoding="utf-8"), by), encoding="utf-8")


def start_worker(settings: workers.GradingSettings, conditions: Conditions) -> None:
    """Get a worker ready whose fork server has as many torch threads as asked for."""
    HEADLESS_ENVIRONMENT["OMP_NUM_THREADS"] = str(conditions.threads)
    workers.start_worker(settings)


@contextlib.contextmanager
def keep_busy(processes: int) -> Iterator[None]:
    """Let that many processes compete for the processors."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()
