"""Messages from student code: whole ones come through, anything else is refused."""

import json
import os

import pytest

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.answering.cell_result import CellResult
from helpers.grading.answering.events import read_event
from helpers.line.frames import HEADER, MAX_JSON_BYTES, FrameReader, pack, read_frame, write_frame
from helpers.line.kinds import MAX_BLOBS_MB, LineFault

MESSAGE = {"nonce": "n", "type": "stream", "text": "Grüße"}


def test_messages_survive_a_pipe():
    reading, writing = os.pipe()
    write_frame(writing, MESSAGE, [b"one", b"", b"three"])
    os.close(writing)
    assert read_frame(reading) == (MESSAGE, [b"one", b"", b"three"])
    assert read_frame(reading) is None
    os.close(reading)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_messages_are_put_together_from_parts(size):
    reader, data = FrameReader(), pack(MESSAGE, [b"blob"]) * 3
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    assert [message for part in parts for message in reader.feed(part)] == [(MESSAGE, [b"blob"])] * 3


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"no json", b"[]", b'"text"', b"[" * 100_000, b"\xff\xfe", b"1" * 5_000, b'{"a": 1}}', b"{}"),
        *(b'{"blobs": 3}', b'{"blobs": [1]}', b'{"blobs": [-1, 1]}', b'{"blobs": [true]}', b'{"blobs": [0.0]}'),
    ],
)
def test_what_is_no_message_is_refused(body):
    with pytest.raises(LineFault):
        list(FrameReader().feed(HEADER.pack(len(body), 0) + body))


@pytest.mark.parametrize("sizes", [(MAX_JSON_BYTES + 1, 0), (2, MAX_BLOBS_MB * 1_000_000 + 1), (2**32 - 1, 2**32 - 1)])
def test_a_message_that_claims_to_be_huge_is_refused_before_it_arrives(sizes):
    with pytest.raises(LineFault):
        list(FrameReader().feed(HEADER.pack(*sizes)))


@pytest.mark.parametrize(
    "event",
    [
        {**MESSAGE, "nonce": "other"},
        {"type": "done"},
        {"nonce": "n", "type": "surprise"},
        {"nonce": "n", "type": "stream", "text": 7},
        {"nonce": "n", "type": "display", "data": "text"},
        {"nonce": "n", "type": "error", "ename": "E", "evalue": "", "traceback": "line"},
        {"nonce": "n", "type": "error", "ename": None, "evalue": "", "traceback": []},
    ],
)
def test_forged_events_are_refused(event):
    with pytest.raises(LineFault):
        read_event(event, "n", CellResult())


def test_events_become_outputs():
    result = CellResult()
    events = [
        MESSAGE,
        MESSAGE,
        {"nonce": "n", "type": "display", "data": {"text/plain": "a", "application/x-sh": "rm"}},
        {"nonce": "n", "type": "result", "data": {"text/plain": "b"}},
        {"nonce": "n", "type": "error", "ename": "E", "evalue": "\ud800", "traceback": ["line"]},
    ]
    assert not any(read_event(event, "n", result) for event in events)
    assert read_event({"nonce": "n", "type": "done", "ok": True}, "n", result)
    assert result.ok
    assert [output.output_type for output in result.outputs] == ["stream", "display_data", "execute_result", "error"]
    assert result.outputs[0].text == "GrüßeGrüße"
    assert result.outputs[1].data == {"text/plain": "a"}
    assert result.outputs[3].evalue == "?"


def test_done_is_only_ok_when_it_says_true():
    for ok in (1, "yes", None):
        result = CellResult()
        assert read_event({"nonce": "n", "type": "done", "ok": ok}, "n", result)
        assert not result.ok


def test_clearing_output_keeps_errors():
    result = CellResult()
    error = {"nonce": "n", "type": "error", "ename": "E", "evalue": "", "traceback": []}
    for event in (MESSAGE, error, {"nonce": "n", "type": "clear"}):
        read_event(event, "n", result)
    assert [output.output_type for output in result.outputs] == ["error"]


def test_nothing_that_is_kept_holds_what_cannot_be_written():
    result = CellResult()
    data = {"text/\ud800": "\ud800", "text/plain": "\ud800"}
    read_event({"nonce": "n", "type": "display", "data": data}, "n", result)
    json.dumps(result.outputs, ensure_ascii=False).encode()
    assert result.outputs[0].data == {"text/?": "?", "text/plain": "?"}


def test_reports_of_checks_are_not_taken_from_student_code():
    result = CellResult()
    forged = {CHECK_MIME_TYPE: {"exercise": "top_k", "passed": True, "failures": [], "progress": {"\ud800": 1}}}
    read_event({"nonce": "n", "type": "display", "data": forged | {"text/plain": "forged"}}, "n", result)
    read_event({"nonce": "n", "type": "display", "data": forged}, "n", result)
    assert [output.data for output in result.outputs] == [{"text/plain": "forged"}]
