"""What cells print and show is bounded, for a cell, a notebook and a submission; what is left out says so."""

import json
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.answering.cell_result import COMPLETED, CellResult, make_output
from helpers.grading.answering.events import read_event
from helpers.grading.answering.limits import (
    MAX_CELL_BYTES,
    MAX_KEPT_TEXT,
    MAX_OUTPUTS,
    MAX_SENT_BYTES,
    MAX_SHOWN,
    NOTEBOOK_OUTPUTS,
    NOTEBOOK_RICH,
    NOTEBOOK_TEXT,
)
from helpers.grading.answering.outputs import Outputs
from helpers.grading.answering.room import CellRoom, Room
from helpers.grading.answering.session import open_session
from helpers.grading.judge.template import read_templates
from helpers.grading.notebooks.bounded_size import MAX_SOURCE, write_within
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, Submission
from helpers.grading.whole_class import grade_submission as grading
from helpers.line.frames import FrameReader
from tests.bench_grading.points import sum_recorded
from tests.support.small_course import ANSWERS, write_exercise, write_submission

PICTURE = {"image/png": "A" * 5_900_000}
ERROR = {"type": "error", "ename": "E", "evalue": "e" * 9_000, "traceback": ["t" * 9_000] * 100}


def read(room: Room, *events: dict) -> CellResult:
    """Return what the judge keeps of one cell's events."""
    result = CellResult(room=CellRoom(room))
    for event in events:
        read_event({"nonce": "n", **event}, "n", result)
    return result


def measure(results) -> int:
    return sum(len(json.dumps(result.outputs, ensure_ascii=False)) for result in results)


def display(data: dict) -> dict:
    return {"type": "display", "data": data}


class TestJudge:
    @pytest.mark.parametrize(
        ("event", "most"),
        [
            (display(PICTURE), NOTEBOOK_RICH),
            (display({"text/html": "é" * 5_000_000}), NOTEBOOK_RICH),
            ({"type": "stream", "text": "a" * 7_000_000}, NOTEBOOK_TEXT),
            (ERROR, NOTEBOOK_TEXT),
        ],
    )
    def test_a_notebook_of_many_large_cells_is_bounded(self, event, most):
        room = Room()
        results = [read(room, event) for _ in range(60)]
        assert measure(results) < most + 60 * 3_000
        assert "left out from here on" in results[-1].outputs[-1].get("text", results[-1].outputs[0].get("text"))
        assert sum("left out" in str(output) for output in results[-1].outputs) == 1

    def test_many_things_in_a_cell_and_in_a_notebook(self):
        room, tiny = Room(), display({"text/plain": "x"})
        results = [read(room, *[tiny, {"type": "stream", "text": "y"}] * 1_000) for _ in range(8)]
        assert len(results[0].outputs) == MAX_OUTPUTS
        assert sum(len(result.outputs) for result in results) <= NOTEBOOK_OUTPUTS + len(results)
        assert "500 outputs" in results[0].outputs[-1].text

    def test_text_in_a_cell(self):
        result = read(Room(), *[{"type": "stream", "text": "x" * 1_000}] * 1_000)
        assert len(result.outputs) == 1 and len(result.outputs[0].text) < MAX_KEPT_TEXT + 200

    def test_that_a_cell_failed_is_seen_when_there_is_no_room(self):
        full = Room(text=0, rich=0, outputs=0)
        value = {"type": "result", "data": {"text/plain": "0.5", **PICTURE}}
        result = read(full, display(PICTURE), value, ERROR, ERROR)
        assert [output.output_type for output in result.outputs] == ["stream", "error"]
        assert measure([result]) < 4_000

    def test_what_was_cleared_leaves_the_line_behind(self):
        full = Room(text=0, rich=0, outputs=0)
        result = read(full, display(PICTURE), {"type": "clear"}, display(PICTURE), display(PICTURE))
        assert [output.output_type for output in result.outputs] == ["stream"]


class TestRunner:
    def send(self, steps) -> list[dict]:
        """Return the events that come out of one cell."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            sender = Outputs(writing)
            sender.begin("n")
            steps(sender)
            sender.send("done", ok=True)
            os._exit(0)
        os.close(writing)
        with open(reading, "rb") as file:
            data = file.read()
        os.waitpid(child, 0)
        assert len(data) < MAX_CELL_BYTES and MAX_SENT_BYTES < MAX_CELL_BYTES
        return [message for message, _ in FrameReader().feed(data)]

    @pytest.mark.parametrize(
        "steps",
        [
            lambda sender: [sender.print("\N{GRINNING FACE}\0") for _ in range(200_000)],
            lambda sender: [sender.show("display", {"text/html": "é" * 2_000_000}) for _ in range(5)],
            lambda sender: [sender.show("display", {"application/json": [["é" * 9] * 9] * 9}) for _ in range(5_000)],
            lambda sender: [sender.clear() for _ in range(200_000)],
            lambda sender: [sender.fail(ValueError, ValueError("é" * 9_000), ["é" * 9_000] * 200) for _ in range(20)],
            lambda sender: [sender.show("display", {CHECK_MIME_TYPE: {"x": "é" * 90_000}}) for _ in range(50)],
            lambda sender: sender.fail(type("E" * 1_000_000, (Exception,), {}), None, []),
        ],
    )
    def test_no_cell_sends_so_much_that_its_process_is_ended(self, steps):
        assert self.send(steps)[-1] == {"nonce": "n", "type": "done", "ok": True}

    def test_what_is_left_out_is_told_once(self):
        def steps(sender):
            for _ in range(3 * MAX_SHOWN):
                sender.show("display", {"text/plain": "x"})
            for _ in range(20):
                sender.show("display", PICTURE)

        events = self.send(steps)
        assert sum("left out" in event.get("text", "") for event in events) <= 2
        assert sum(event["type"] == "display" for event in events) == MAX_SHOWN


MUCH = """
from IPython.display import clear_output, display
for number in range(12_000):
    display({"text/plain": "x" * 300}, raw=True)
    print("\N{GRINNING FACE}" * 20)
    clear_output()
"""


def test_a_cell_that_prints_much_does_not_end_the_cells_after_it(fork_server, tmp_path):
    with open_session(fork_server, str(tmp_path), snapshots=0) as session:
        assert session.run(MUCH, timeout_s=60).state == COMPLETED
        after = session.run("print('still here')", timeout_s=60)
    assert [output.text for output in after.outputs] == ["still here\n"]


def test_a_submission_is_bounded_and_its_points_stay(fork_server, tmp_path, monkeypatch):
    exercise = write_exercise(tmp_path / "exercise")
    shows = 'display({"image/png": "A" * 1_000_000}, raw=True)\nprint("words")'

    def change(books):
        for book in books.values():
            book.cells[1:1] = [new_code_cell(shows) for _ in range(5)]

    folder = write_submission(tmp_path / "handed_in", exercise, ANSWERS, change=change)
    monkeypatch.setattr(grading, "MAX_CHARACTERS", 6_000_000)
    templates = read_templates(exercise / "solutions" / ASSIGNMENT)
    result = grading.grade_submission(Submission("ada", str(folder)), templates, fork_server)
    assert result.record.status == GRADED and sum_recorded(result.record) == 7
    first, second = (result.notebooks[name] for name in sorted(result.notebooks))
    assert "AAAA" in first and "AAAA" not in second and "left out" in second and "words" in second
    nbformat.validate(nbformat.reads(second, as_version=4))


def test_what_has_no_room_at_all_is_still_short():
    notebook = new_notebook(cells=[new_code_cell("#" * 100_000) for _ in range(50)])
    notebook.cells[0].outputs = [make_output("stream", name="stdout", text="x" * 1_000_000)]
    text = write_within(notebook, -1)
    assert len(text) < 60 * (MAX_SOURCE + 500) and "see the file that was handed in" in text
