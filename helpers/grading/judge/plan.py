"""Which cells of a notebook run beside the answers: those that a point depends on, and those that these need.

Given cells are demonstrations: tables, plots, measurements. No point depends on them, unless a cell of the student's
uses what they define; then all given cells before it run, since names alone do not show what a cell changes.
"""

import ast
import builtins
import symtable
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from nbformat import NotebookNode
from nbgrader import utils

from helpers.grading.judge.template import Template

CHECK, SET_UP, ANSWER, GIVEN, OWN = "check", "set-up", "answer", "given", "own"
REACHES_ANYTHING = {  # names by which code may use what it does not name
    *("exec", "eval", "globals", "locals", "vars", "dir", "get_ipython", "__import__", "__builtins__"),
    *("_", "__", "___", "In", "Out", "_i", "_ih", "_oh", "__main__"),
}
STARTS_OF_MAGICS = ("%", "!", "?")


@dataclass(frozen=True)
class Plan:
    """What happens to each code cell of a restored notebook, by its id: its kind, and whether it runs."""

    kinds: dict[str, str]
    run: frozenset[str]

    @property
    def runs_set_up(self) -> bool:
        """Whether the set-up cells run in their places, and not beforehand."""
        return any(kind == SET_UP and cell_id in self.run for cell_id, kind in self.kinds.items())

    def with_all_given(self) -> "Plan":
        """Return the plan in which no given cell is left out."""
        return Plan(self.kinds, self.run | self.left_out())

    def left_out(self) -> set[str]:
        """Return the ids of the given cells that do not run."""
        return {cell_id for cell_id, kind in self.kinds.items() if kind == GIVEN and cell_id not in self.run}


def make_plan(notebook: NotebookNode, template: Template, *, every_cell: bool = False) -> Plan:
    """Decide what runs: nothing, if all that is the student's are the stubs of answers.

    Set-up cells have run already, before the student's notebook is known, but for `every_cell`.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kinds = _find_kinds(cells, template)
    if every_cell:
        return Plan(kinds, frozenset(name for name, kind in kinds.items() if kind != CHECK))
    run = {cell.id for cell in cells if kinds[cell.id] in (ANSWER, OWN)}
    if all(cell.source == template.released_sources.get(cell.id) for cell in cells if cell.id in run):
        return Plan(kinds, frozenset())
    given: list[NotebookNode] = []
    for cell in cells:
        if kinds[cell.id] == GIVEN:
            given.append(cell)
        elif cell.id in run and _needs(cell.source, given):
            run |= {earlier.id for earlier in given}
    return Plan(kinds, frozenset(run))


def list_set_up(template: Template) -> list[str]:
    """Return the sources of the locked cells that are no checks: what answers and checks build on."""
    return [cell.source for cell in template.cells.values() if _is_set_up(cell)]


def _is_set_up(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_locked(cell) and not utils.is_grade(cell)


def _find_kinds(cells: Sequence[NotebookNode], template: Template) -> dict[str, str]:
    """Return each cell's kind. A given cell is known by its text; one that was changed is the student's own."""
    handed_out = _count_given(template)
    kinds = {}
    for cell in cells:
        text = _normalize(cell.source)
        if "nbgrader" in cell.metadata:
            kinds[cell.id] = SET_UP if _is_set_up(cell) else ANSWER if utils.is_solution(cell) else CHECK
        elif handed_out[text] > 0:
            handed_out[text] -= 1
            kinds[cell.id] = GIVEN
        else:
            kinds[cell.id] = OWN
    return kinds


def _count_given(template: Template) -> Counter[str]:
    """Count the texts of given cells, as often as the version has them that has them most often.

    What was an answer's stub or set-up, and is no longer in the notebook, is a given cell now.
    """
    counts = [
        Counter(
            _normalize(cell.source)
            for cell in version.notebook.cells
            if cell.cell_type == "code"
            and ("nbgrader" not in cell.metadata or cell.metadata.nbgrader.grade_id not in template.cells)
        )
        for version in template.versions
    ]
    return reduce(or_, counts)


def _normalize(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _needs(source: str, given: Iterable[NotebookNode]) -> bool:
    """Return whether a cell may use something that these cells define."""
    used = list_used_names(source)
    return used is None or any(used & list_bound_names(cell.source) for cell in given)


@lru_cache(maxsize=64)  # about a notebook: it keeps students' texts alive
def list_used_names(source: str) -> frozenset[str] | None:
    """Return the global names that a cell uses, without Python's own; None if it may use any."""
    try:
        used = list_global_names(symtable.symtable(source, "<cell>", "exec"))
        imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    except (SyntaxError, ValueError, RecursionError):  # a magic, or a mistake: then it will not run at all
        lines = (line.strip() for line in source.splitlines())
        has_magic = any(line.startswith(STARTS_OF_MAGICS) or line.endswith("?") for line in lines)
        return None if has_magic else frozenset()
    stars = any(node.names[0].name == "*" for node in imports)
    return None if stars or used & REACHES_ANYTHING else frozenset(used - set(dir(builtins)))


def list_global_names(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a cell takes from the notebook, also within its functions and classes."""
    is_module = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (is_module or symbol.is_global())
    }
    return names.union(*map(list_global_names, table.get_children()))


@lru_cache(maxsize=1_000)
def list_bound_names(source: str) -> frozenset[str]:
    """Return the global names that a cell of the course's defines."""
    table = symtable.symtable(source, "<cell>", "exec")
    bound = (symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported())
    return frozenset(bound)
