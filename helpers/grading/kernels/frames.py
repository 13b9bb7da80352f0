"""Messages between the judge and the processes that run student code: JSON with its length in front.

What arrives from student code is hostile: a frame is bounded in size, and anything that is not a JSON object
raises BadFrame.
"""

import json
import os
import struct
from collections.abc import Iterator

HEADER = struct.Struct(">I")
MOST_BYTES = 16_000_000  # one frame


class BadFrame(ValueError):
    """What came through a channel was not a message."""


def pack(message: dict) -> bytes:
    """Return a message as bytes with their length in front."""
    body = json.dumps(message).encode("utf-8", "replace")
    return HEADER.pack(len(body)) + body


def write_frame(descriptor: int, message: dict) -> None:
    """Write one message to a file descriptor, waiting until all of it is written."""
    data = memoryview(pack(message))
    while data:
        data = data[os.write(descriptor, data) :]


def read_frame(descriptor: int) -> dict | None:
    """Wait for one message; None at the end of the channel."""
    header = _read_exactly(descriptor, HEADER.size)
    body = header and _read_exactly(descriptor, HEADER.unpack(header)[0])
    return parse(body) if body else None


def _read_exactly(descriptor: int, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = os.read(descriptor, size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def parse(body: bytes) -> dict:
    """Return the JSON object in `body`; raise BadFrame if there is none."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadFrame(f"not JSON: {type(error).__name__}") from error
    if not isinstance(message, dict):
        raise BadFrame("not a JSON object")
    return message


class FrameReader:
    """Cuts a stream of bytes into messages as they arrive."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[dict]:
        """Yield the messages that are complete with these bytes; raise BadFrame for anything else."""
        self._data += data
        while len(self._data) >= HEADER.size:
            size = HEADER.unpack_from(self._data)[0]
            if size > MOST_BYTES:
                raise BadFrame("a message of more than 16 MB")
            if len(self._data) < HEADER.size + size:
                return
            body = bytes(self._data[HEADER.size : HEADER.size + size])
            del self._data[: HEADER.size + size]
            yield parse(body)
