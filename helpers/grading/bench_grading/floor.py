"""The floor: the exercise's code alone, in processes where everything is imported already.

python -m helpers.grading.bench_grading.floor PLAN.json TIMES.json

PLAN is a list of {"student", "notebook", "folder", "cells": [source, ...]}; TIMES gets the CPU-seconds of each, in
the same order. Cells run one after the other, hidden checks in their places, in a copy of `folder`. Making the
fork and the shell does not count.
"""

import json
import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path

from helpers.grading.kernels.outputs import Outputs, PrintedByPrograms
from helpers.grading.kernels.runner import make_repeatable
from helpers.grading.kernels.server import import_everything
from helpers.grading.kernels.shell import make_shell, run_cell


def main() -> int:
    """Run what the plan says, one notebook at a time."""
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    import_everything()
    times = [_time_in_fork(item) for item in plan]
    Path(sys.argv[2]).write_text(json.dumps(times), encoding="utf-8")
    return 0


def _time_in_fork(item: dict) -> float:
    """Run one notebook in a fork and return the CPU-seconds of its cells."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(reading)
            os.write(writing, str(_time_cells(item)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(process, 0)
    return float(text)


def _time_cells(item: dict) -> float:
    with tempfile.TemporaryDirectory() as folder:
        work = shutil.copytree(item["folder"], Path(folder) / "work")
        os.chdir(work)
        make_repeatable()
        shell, printed = make_shell(Outputs(os.open(os.devnull, os.O_WRONLY))), PrintedByPrograms()
        before = _read_cpu_s()
        for source in item["cells"]:
            run_cell(shell, source, printed)
        return _read_cpu_s() - before


def _read_cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


if __name__ == "__main__":
    sys.exit(main())
