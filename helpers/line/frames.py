"""Messages between the judge and the processes that run student code: a JSON object, and blobs of bytes behind it.

What arrives from student code is hostile: a frame is bounded in size, and what is no message raises LineFault.
"""

import json
import os
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from helpers.line.kinds import MAX_BLOBS_MB, LineFault

HEADER = struct.Struct(">II")  # bytes of JSON, bytes of all blobs
MAX_JSON_BYTES = 8_000_000  # a cell may show 6 MB of pictures
MAX_QUESTION_JSON_BYTES = 3_000_000  # what an answer gave; numbers and pixels are blobs
MAX_BLOBS = 50_000

Message = dict[str, Any]


def pack(message: Message, blobs: Sequence[bytes] = ()) -> bytes:
    """Return a message as bytes, with the lengths of its parts in front."""
    body = json.dumps(message | {"blobs": list(map(len, blobs))}).encode("utf-8", "replace")
    return b"".join([HEADER.pack(len(body), sum(map(len, blobs))), body, *blobs])


def write_frame(descriptor: int, message: Message, blobs: Sequence[bytes] = ()) -> None:
    """Write one message to a file descriptor, waiting until all of it is written."""
    write_packed(descriptor, pack(message, blobs))


def write_packed(descriptor: int, packed: bytes) -> None:
    """Write a message that has been packed."""
    data = memoryview(packed)
    while data:
        data = data[os.write(descriptor, data) :]


def read_frame(descriptor: int) -> tuple[Message, list[bytes]] | None:
    """Wait for one message and its blobs; None at the end of the channel."""
    header = _read_exactly(descriptor, HEADER.size)
    if header is None:
        return None
    json_bytes, blob_bytes = HEADER.unpack(header)
    body = _read_exactly(descriptor, json_bytes + blob_bytes)
    return None if body is None else parse(body[:json_bytes], body[json_bytes:])


def _read_exactly(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def parse(body: bytes, tail: bytes) -> tuple[Message, list[bytes]]:
    """Return the JSON object in `body`, and the blobs into which it divides `tail`; raise LineFault otherwise."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise LineFault(f"not JSON: {type(error).__name__}") from error
    sizes = message.pop("blobs", None) if isinstance(message, dict) else None
    if not isinstance(sizes, list) or len(sizes) > MAX_BLOBS:
        raise LineFault("not a message")
    if not all(type(size) is int and size >= 0 for size in sizes) or sum(sizes) != len(tail):
        raise LineFault("blobs of other sizes than it says")
    blobs, start = [], 0
    for size in sizes:
        blobs.append(tail[start : start + size])
        start += size
    return message, blobs


class FrameReader:
    """Cuts a stream of bytes into messages as they arrive."""

    def __init__(self) -> None:
        self._data = bytearray()
        self.most_json_bytes = MAX_JSON_BYTES

    def feed(self, data: bytes) -> Iterator[tuple[Message, list[bytes]]]:
        """Yield the messages that are complete with these bytes; raise LineFault for anything else."""
        self._data += data
        while len(self._data) >= HEADER.size:
            json_bytes, blob_bytes = HEADER.unpack_from(self._data)
            if json_bytes > self.most_json_bytes or blob_bytes > MAX_BLOBS_MB * 1_000_000:
                raise LineFault("a message that is too large")
            start, end = HEADER.size + json_bytes, HEADER.size + json_bytes + blob_bytes
            if len(self._data) < end:
                return
            body, tail = bytes(self._data[HEADER.size : start]), bytes(self._data[start:end])
            del self._data[:end]
            yield parse(body, tail)
