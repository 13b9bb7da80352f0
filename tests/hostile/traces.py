"""What an attack left or changed outside its sandbox, and what its result holds that it must not."""

import json
import re
from dataclasses import asdict

import nbformat

from helpers.checks.causes import CAUSES, MAX_NAMED
from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.course.graded_submission import GradedSubmission
from tests.hostile.page import find_active_content, make_pages
from tests.hostile.processes import (
    end_processes,
    find_left_processes,
    find_number,
    list_descendants,
    list_shared_memory,
)
from tests.hostile.surroundings import Surroundings, find_left_files, fingerprint, list_environment

MAX_BYTES = 20_000_000  # of an executed notebook
HIDDEN_CHECKS = 2  # of the exercise
BROKEN = ("NameError", "SyntaxError", "IndentationError", "ModuleNotFoundError")


class Traces:
    """The surroundings before an attack, to be compared with those after it."""

    def __init__(self, around: Surroundings, server: ForkServer) -> None:
        self._around, self._server = around, server
        self._processes = set(list_descendants(reaped_by=find_number(server)))
        self._before = self._take_stock()

    def _take_stock(self) -> dict[str, object]:
        course = self._around.course
        own = (course / "submitted", course / "grading")
        files = fingerprint(course, self._around.home, self._server.runtime, leave_out=own)
        files |= fingerprint(course / "submitted" / "neighbour")
        return files | list_environment() | dict.fromkeys(list_shared_memory(), "shared memory")

    def find(self) -> list[str]:
        """Return what changed, and what runs or lies around that did not before."""
        left = find_left_processes(self._processes, reaped_by=find_number(self._server))
        found = [f"left the process {name}" for name in left.values()]
        end_processes(left)
        after = self._take_stock()
        changed = sorted(
            name for name, state in (self._before | after).items() if after.get(name) != self._before.get(name)
        )
        found += [f"changed {name}" for name in changed]
        found += [f"left {name}" for name in self._find_files()]
        return found if self._server.is_alive() else [*found, "ended the fork server"]

    def _find_files(self) -> list[str]:
        own = str(self._around.course / "submitted" / "attacker")
        return [name for name in find_left_files(self._around.mark, self._around.folder) if not name.startswith(own)]


def look_at_result(result: GradedSubmission, around: Surroundings) -> list[str]:
    """Return what is wrong with what was written of an attack: leaks, content that runs, and signs of success."""
    pages, record = make_pages(result), json.dumps(asdict(result.record), ensure_ascii=False)
    found = [f"leaked what is in {place}" for place in around.find_leaks(pages + record)]
    found += [f"wrote a page with {content}" for content in find_active_content(pages)]
    found += _find_signs(result, around)
    named = re.findall(r"Not passed: [^<]*?\((\w+)\)", pages)
    found += [f"has a page that names {len(named)} causes"] if len(named) > MAX_NAMED * HIDDEN_CHECKS else []
    record.encode("utf-8")
    for notebook in result.record.notebooks:
        found += [f"sends a message by the causes of {cell.grade_id}" for cell in notebook.cells if not _is_calm(cell)]
    return found


def _is_calm(cell) -> bool:
    order = [cause for cause in CAUSES if cause in cell.causes]
    return not cell.hidden or (list(cell.causes) == order and len(order) <= MAX_NAMED)


def _find_signs(result: GradedSubmission, around: Surroundings) -> list[str]:
    found = []
    for text in result.notebooks.values():
        if len(text) > MAX_BYTES:
            found.append(f"wrote {len(text) / 1e6:.0f} MB")
        for cell in nbformat.reads(text, as_version=4).cells:
            printed = "".join(_list_texts(cell))
            lines = [line for line in printed.splitlines() if line.startswith(around.worked)]
            found += [f"could {line.removeprefix(around.worked).strip()}" for line in lines]
            errors = [output.ename for output in cell.get("outputs", []) if output.output_type == "error"]
            if not cell.metadata.get("nbgrader") and errors and errors[0] in BROKEN:
                found.append(f"is a broken attack: {errors[0]}")
    return list(dict.fromkeys(found))


def _list_texts(cell) -> list[str]:
    texts = []
    for output in cell.get("outputs", []):
        texts += [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
        texts += [value if isinstance(value, str) else repr(value) for value in output.get("data", {}).values()]
    return [f"{text}\n" for text in texts]
