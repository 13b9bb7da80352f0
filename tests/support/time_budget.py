"""How long a beginner needs for the core of each notebook, computed from the notebooks.

Minutes = words / 180 + lines of given code / 15 + minutes of the exercises and questions + running time.

An exercise's minutes hold its hints, its answer and its checks, so these are not counted twice. Locked set-up cells,
such as the imports, are run and not read. What stands under a heading that says "optional" is the optional part.

python -m tests.support.time_budget        a table
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.notebooks.paths import RELEASE, list_notebooks, read_notebook
from tests.support.notebook_cells import is_setup

WORDS_A_MINUTE = 180
LINES_A_MINUTE = 15
CORE_MINUTES_AT_MOST = 180

# Seconds that the cells of the core run, with one thread on a shared server, as measured for the stored outputs.
RUN_SECONDS = {
    "01_setup": 20,
    "02_loading": 16,
    "03_preprocessing": 18,
    "04_inference": 18,
    "05_latency": 37,
    "06_gpu": 16,
    "07_app": 34,
}

_HINT = re.compile(r"<details><summary>Hint.*?</details>", flags=re.DOTALL)
_CODE_BLOCK = re.compile(r"^```\w*\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
_MARKUP = re.compile(r"<[^>]+>|\]\([^)]*\)|[|#*`$\[\]]")
_EXERCISE_MINUTES = re.compile(r"\*\*(\d+) minutes\*\*")


@dataclass
class Budget:
    """What a part of a notebook asks of a reader."""

    words: int = 0
    lines: int = 0
    exercise_minutes: int = 0
    run_seconds: float = 0

    @property
    def minutes(self) -> float:
        """Return the minutes that all of it takes together."""
        reading = self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE
        return reading + self.exercise_minutes + self.run_seconds / 60

    def __add__(self, other: "Budget") -> "Budget":
        """Return both together."""
        mine, theirs = vars(self).values(), vars(other).values()
        return Budget(*(first + second for first, second in zip(mine, theirs, strict=True)))


def walk(path: Path) -> Iterator[tuple[bool, NotebookNode]]:
    """Yield (is it optional, cell) for each cell of a released notebook."""
    optional = False
    for cell in read_notebook(path).cells:
        heading = cell.source.partition("\n")[0]
        if cell.cell_type == "markdown" and heading.startswith("#"):
            optional = "optional" in heading.lower()
        yield optional, cell


def measure_cell(cell: NotebookNode) -> Budget:
    """Return what one cell asks of a reader."""
    if utils.is_grade(cell) or utils.is_solution(cell) or is_setup(cell):
        return Budget()
    if cell.cell_type == "code":
        return Budget(lines=_count_lines(cell.source))
    text = _HINT.sub("", cell.source)
    lines = sum(_count_lines(block) for block in _CODE_BLOCK.findall(text))
    words = [word for word in _MARKUP.sub(" ", _CODE_BLOCK.sub("", text)).split() if re.search(r"\w", word)]
    minutes = sum(int(found) for found in _EXERCISE_MINUTES.findall(text))
    return Budget(words=len(words), lines=lines, exercise_minutes=minutes)


def measure_notebook(path: Path, *, optional: bool = False) -> Budget:
    """Return what the core of a released notebook asks of a reader, or its optional part."""
    total = sum((measure_cell(cell) for part, cell in walk(path) if part == optional), Budget())
    return total if optional else total + Budget(run_seconds=RUN_SECONDS[path.stem])


def read_stated_minutes(path: Path) -> int:
    """Return the minutes in a notebook's title cell."""
    return int(re.search(r"\*\*Time\*\*: (\d+) minutes", read_notebook(path).cells[0].source)[1])


def format_budgets() -> str:
    """Return a table: a line for each notebook, and their sum."""
    core = {path.stem: measure_notebook(path) for path in list_notebooks(RELEASE)}
    core["all"] = sum(core.values(), Budget())
    lines = ["notebook            words  lines  exercises  run     sum"]
    for name, budget in core.items():
        run, total = f"{budget.run_seconds:.0f} s", f"{budget.minutes:.1f} min"
        lines.append(f"{name:18} {budget.words:6} {budget.lines:6} {budget.exercise_minutes:6} min {run:>5} {total:>9}")
    return "\n".join(lines)


def _count_lines(source: str) -> int:
    return sum(1 for line in source.splitlines() if line.strip())


if __name__ == "__main__":
    print(format_budgets())
