"""What one student's files may cost to take in: nothing in them costs others more than a moment, or their grades."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from helpers.grading.files.items import IntakeError, IntakeLimits, Refused
from helpers.grading.intake import own_process
from helpers.grading.intake.collect import collect
from helpers.grading.intake.notebooks.choosing import MAX_NOTEBOOKS
from helpers.grading.intake.notebooks.notebook_files import parse_notebook, write_notebook
from helpers.grading.intake.notebooks.stored_outputs import (
    MAX_CELL_LETTERS,
    MAX_CELL_OUTPUTS,
    MAX_NOTEBOOK_OUTPUTS,
    OutputRoom,
)
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ROOT, SOLUTIONS, list_notebooks
from tests.support.handed_in import add_answer, list_files, pack_zip, read_released, write_files, write_release

FOUR = "04_inference.ipynb"
CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}
STREAM = {"output_type": "stream", "name": "stdout", "text": "x"}
PICTURE = {"image/png": "iVBORw0KGgo=\n", "text/plain": "<Figure>"}
VIEW = {"application/vnd.jupyter.widget-view+json": {"model_id": "x", "version_major": 2}}
WELL_FORMED = [
    STREAM | {"text": "a\nb"},
    {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a", "b"]},
    {"output_type": "display_data", "data": PICTURE, "metadata": {"image/png": {"width": 5}}},
    {"output_type": "execute_result", "data": VIEW | {"text/plain": "1"}, "metadata": {}, "execution_count": 7},
    {"output_type": "execute_result", "data": {}, "metadata": {}, "execution_count": None},
]
MALFORMED = [
    5,
    {},
    {"output_type": []},
    {"output_type": "mystery"},
    {"output_type": "stream", "name": 5, "text": ""},
    {"output_type": "stream", "name": "stdout", "text": [5]},
    {"output_type": "stream", "text": ""},
    {"output_type": "error", "ename": "E", "evalue": "e", "traceback": "a"},
    {"output_type": "error", "evalue": "e", "traceback": []},
    {"output_type": "display_data", "data": {"text/plain": 5}, "metadata": {}},
    {"output_type": "display_data", "data": {"text/plain": {}}, "metadata": {}},
    {"output_type": "display_data", "data": {}, "metadata": []},
    {"output_type": "display_data", "data": {str(number): "" for number in range(30)}, "metadata": {}},
    {"output_type": "display_data", "data": {"application/json": [[]] * 5_000}, "metadata": {}},
    {"output_type": "execute_result", "metadata": {}},
]


def dump(*cells: dict, **changes) -> bytes:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | changes
    return json.dumps(notebook).encode()


def dump_old(*cells: dict) -> bytes:
    """Return a notebook of format 3."""
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


def read_outputs(*cells: dict) -> tuple[list[list[dict]], int]:
    """Return each cell's outputs as they are kept, and how many were dropped; what is kept is always valid."""
    room = OutputRoom()
    kept = nbformat.reads(write_notebook(parse_notebook(dump(*cells), room)).decode(), as_version=4)
    nbformat.validate(kept)
    return [cell.get("outputs", []) for cell in kept.cells], room.dropped


class TestOutputs:
    @pytest.mark.parametrize("output", WELL_FORMED)
    def test_well_formed_ones_are_kept_as_they_are(self, output):
        assert read_outputs(CELL | {"outputs": [output]}) == ([[output]], 0)

    @pytest.mark.parametrize("output", MALFORMED)
    def test_others_are_dropped_alone(self, output):
        assert read_outputs(CELL | {"outputs": [output, STREAM]}) == ([[STREAM]], 1)

    @pytest.mark.parametrize("path", list_notebooks(SOLUTIONS), ids=lambda path: path.stem)
    def test_those_of_a_solution_are_all_kept(self, path):
        room, before = OutputRoom(), nbformat.read(path, as_version=4)
        after = parse_notebook(path.read_bytes(), room)
        assert [cell.get("outputs") for cell in after.cells] == [cell.get("outputs") for cell in before.cells]
        assert room.dropped == 0

    def test_so_many_a_cell_and_so_many_a_notebook(self):
        outputs, dropped = read_outputs(*[CELL | {"outputs": [STREAM] * (MAX_CELL_OUTPUTS + 5)}] * 12)
        assert [len(one) for one in outputs] == [MAX_CELL_OUTPUTS] * 10 + [0, 0]
        assert dropped == 12 * (MAX_CELL_OUTPUTS + 5) - MAX_NOTEBOOK_OUTPUTS

    @pytest.mark.parametrize("text", ["x" * (MAX_CELL_LETTERS + 1), "\n" * (MAX_CELL_LETTERS // 10)])
    def test_so_large_a_cell(self, text):
        outputs = [STREAM, STREAM | {"text": text}, STREAM]
        assert read_outputs(CELL | {"outputs": outputs}) == ([[STREAM, STREAM]], 1)

    def test_so_large_a_notebook(self):
        large = STREAM | {"text": "x" * (MAX_CELL_LETTERS - 100)}
        outputs, dropped = read_outputs(*[CELL | {"outputs": [large]}] * 6)
        assert [len(one) for one in outputs] == [1, 1, 1, 1, 0, 0]
        assert dropped == 2

    def test_pasted_pictures_are_kept_and_bounded_too(self):
        cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "", "attachments": {"a.png": PICTURE}}
        assert parse_notebook(dump(cell)).cells[0].attachments == {"a.png": PICTURE}
        room = OutputRoom()
        notebook = parse_notebook(dump(cell | {"attachments": {str(one): PICTURE for one in range(500)}}), room)
        assert len(notebook.cells[0].attachments) == 20
        assert room.dropped == 480


class TestMetadata:
    def test_what_grading_needs_is_kept_and_the_rest_is_dropped(self):
        nbgrader = {"grade_id": "a", "grade": True, "points": 2, "schema_version": 3, "checksum": "f" * 32}
        kept = {"nbgrader": nbgrader, "tags": ["a"], "deletable": False, "editable": True}
        kernel = {"kernelspec": {"name": "python3", "display_name": "P"}, "language_info": {"name": "python"}}
        cell = CELL | {"metadata": kept | {"mine": [[]], "jupyter": {"x": 1}, "nbgrader": nbgrader | {"mine": {}}}}
        notebook = parse_notebook(dump(cell, metadata=kernel | {"widgets": {"x": {}}, "authors": [{}]}))
        assert (notebook.cells[0].metadata, notebook.metadata) == (kept, kernel)

    def test_odd_values_become_nothing_or_none(self):
        odd = {"nbgrader": {"grade_id": [], "points": {}, "locked": "x" * 5_000}, "tags": ["a,b", 5, "", "c", "c"]}
        notebook = parse_notebook(dump(CELL | {"metadata": odd | {"editable": "no"}}, metadata={"kernelspec": []}))
        none = dict.fromkeys(("grade_id", "points", "locked"))
        assert notebook.cells[0].metadata == {"nbgrader": none, "tags": ["c"]}
        assert notebook.metadata == {}


class TestCosts:
    @pytest.mark.parametrize(
        "data",
        [
            dump(CELL | {"outputs": [STREAM] * 100_000 + [{"output_type": "mystery"}]}),
            dump(CELL, metadata={"x": [{}] * 800_000}),
            dump(CELL | {"metadata": {"x": [{}] * 800_000}}),
            dump(CELL | {"metadata": {"nbgrader": {"grade_id": [{}] * 800_000}, "tags": [[]] * 100_000}}),
            dump_old({"cell_type": "code", "input": "1", "metadata": {}, "outputs": [STREAM] * 100_000}),
            dump_old({"cell_type": "heading", "source": "x", "level": 10**12, "metadata": {"x": [{}] * 100_000}}),
        ],
        ids=["outputs", "metadata", "cell metadata", "grading data", "old outputs", "old heading"],
    )
    def test_what_is_not_needed_costs_a_moment(self, data):
        start_s = time.process_time()
        assert len(parse_notebook(data).cells) == 1
        assert time.process_time() - start_s < 8

    @pytest.mark.parametrize("text", ["x" * 11_000_000, "\n" * 1_000_000])
    def test_a_source_that_no_person_writes_is_refused(self, text):
        with pytest.raises(Refused, match="holds far more text than a notebook does"):
            parse_notebook(dump(CELL | {"source": text}))

    def test_cells_of_old_formats_are_counted_before_anything_is_made_of_them(self):
        cell = {"cell_type": "code", "input": "1", "outputs": [], "metadata": {}}
        with pytest.raises(Refused, match="has 4,000 cells, more than 2,000"):
            parse_notebook(dump_old(*[cell] * 4_000))


@pytest.fixture
def take(tmp_path):
    """Return a function that takes in what it is given and returns the submissions by student."""
    release = write_release(tmp_path / "release")

    def take(files: dict[str, bytes], **limits):
        folder = write_files(tmp_path / "class", files)
        intake = collect(folder, CourseAssignment(tmp_path / "course"), release=release, limits=IntakeLimits(**limits))
        assert list_files(tmp_path / "course" / "grading") == {"exercise_01/intake.json", "students.json"}
        return {submission.student: submission for submission in intake.submissions}

    return take


class TestNotebooks:
    def test_no_more_than_a_few_are_read_the_newest(self, take):
        files = {f"{number}/{FOUR}": read_released("04_inference", add_answer(str(number))) for number in range(50)}
        times = {name: (2026, 1, 1, 0, place, 0) for place, name in enumerate(files)}
        eve = take({"eve/work.zip": pack_zip(files, times=times)})["eve"]
        assert eve.problems == (
            "20 notebooks beyond 30, the oldest, were left out: ask for the exercise's alone.",
            f"30 versions of 04_inference were handed in: the newest was taken, work.zip: 49/{FOUR}.",
        )
        assert MAX_NOTEBOOKS == 30

    def test_dropped_outputs_of_what_is_graded_are_told(self, take):
        def add_outputs(notebook):
            notebook["cells"][-1] |= CELL | {"outputs": [STREAM] * 5_000}

        files = {
            f"eve/{FOUR}": read_released("04_inference", add_outputs),
            f"ann/{FOUR}": read_released("04_inference"),
        }
        submissions = take(files)
        assert submissions["ann"].problems == ()
        assert submissions["eve"].problems == (
            f"{FOUR} holds 4,900 outputs that were left out, too many, too large or not well-formed: nothing to do.",
        )


class TestProcess:
    """The others, before and after, are taken in whatever becomes of one; what becomes of it is one sentence."""

    @pytest.fixture
    def spoil(self, take, monkeypatch):
        """Return a function that takes in three students, of whom the second does what it is given."""
        really = own_process.take_in

        def spoil(action, **limits):
            def take_in(student, sources, desk):
                return action() if student.id == "eve" else really(student, sources, desk)

            monkeypatch.setattr(own_process, "take_in", take_in)
            submissions = take(
                {f"{name}/{FOUR}": read_released("04_inference") for name in ("ann", "eve", "fay")}, **limits
            )
            for name in ("ann", "fay"):
                assert list_files(Path(submissions[name].folder)) == {FOUR}
                assert submissions[name].problems == ()
            assert submissions["eve"].folder is None
            (problem,) = submissions["eve"].problems
            return problem.removesuffix(": ask for the notebooks alone, saved by Jupyter.")

        return spoil

    def test_computing_without_end(self, spoil):
        def compute():
            while True:
                pass

        assert spoil(compute, cpu_s=1) == "What was handed in took more than 1 s of computing to take in"

    def test_waiting_without_end(self, spoil):
        assert spoil(lambda: time.sleep(600), wall_s=8) == "What was handed in took more than 8 s to take in"

    def test_memory_without_end(self, spoil):
        problem = spoil(lambda: bytearray(300 << 20), memory_mb=100)
        assert problem == "What was handed in took more than 100 MB of memory to take in"

    def test_a_process_that_dies(self, spoil):
        assert spoil(lambda: os._exit(3)) == "What was handed in could not be taken in (its process ended with 3)"

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (RecursionError("x"), "RecursionError"),
            (OSError(errno.ENAMETOOLONG, "File name too long"), "File name too long"),
        ],
    )
    def test_an_error_that_nobody_thought_of(self, spoil, error, said):
        def fail():
            raise error

        assert spoil(fail) == f"What was handed in could not be taken in ({said})"

    def test_a_disk_that_is_full_stops_everything(self, spoil):
        def fail():
            raise OSError(errno.ENOSPC, "No space left on device", "/course/x")

        with pytest.raises(IntakeError, match=r"stopped at /course/x \(No space left on device\)"):
            spoil(fail)

    def test_a_notebook_that_takes_too_much_memory(self, tmp_path):
        """In a process of its own: one that has run other tests has much memory that is free, and counts as used."""
        big = dump(CELL, metadata={"x": ["aaaa"] * 2_000_000})
        folder = write_files(tmp_path / "class", {f"eve/{FOUR}": big, f"fay/{FOUR}": read_released("04_inference")})
        code = (
            "import sys; from pathlib import Path; from helpers.grading.intake.collect import collect\n"
            "from helpers.grading.files.items import IntakeLimits\n"
            "from helpers.grading.notebooks.assignment import CourseAssignment\n"
            "folder, course, release = map(Path, sys.argv[1:])\n"
            "course, limits = CourseAssignment(course), IntakeLimits(memory_mb=60)\n"
            "for one in collect(folder, course, release=release, limits=limits).submissions:\n"
            "    print(one.student, *one.problems)"
        )
        arguments = [folder, tmp_path / "course", write_release(tmp_path / "release")]
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True)
        eve, fay = done.stdout.splitlines()
        assert eve.startswith("eve What was handed in took more than 60 MB of memory to take in"), done
        assert fay == "fay"

    def test_every_student_has_limits_of_their_own(self, take, monkeypatch):
        monkeypatch.setattr(own_process, "MAX_STUDENTS", 3)
        really = own_process.take_in

        def take_in(student, sources, desk):
            end_s = time.process_time() + 0.6
            while time.process_time() < end_s:
                pass
            return really(student, sources, desk)

        monkeypatch.setattr(own_process, "take_in", take_in)
        submissions = take({f"{name}/{FOUR}": read_released("04_inference") for name in "abcdefg"}, cpu_s=1)
        assert [submission.problems for submission in submissions.values()] == [()] * 7

    def test_nothing_large_is_imported_for_it(self):
        code = "import sys, helpers.grading.intake.collect; sys.exit('torch' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0
