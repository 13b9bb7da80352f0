"""What was asked of answers and what came back: kept with a student's record, so that it can be judged once more.

A question is kept as its hash: whoever judges again makes the same question anew, or has to ask again. What came back
is kept as it came, as frames of the line; nothing in a file is trusted, since it holds what student code sent.
"""

import hashlib
import zlib
from dataclasses import dataclass, field
from typing import Any

from helpers.grading.answering.cell_result import COMPLETED, STATES
from helpers.line.frames import FrameReader, Message, pack
from helpers.line.kinds import LineFault

MAX_KEPT_BYTES = 4_000_000  # of a notebook, compressed
MAX_UNPACKED_BYTES = 200_000_000
PART_BYTES = 1 << 18  # so many are compressed at once
KINDS = ("called", "happened", "unbound")


@dataclass
class Exchange:
    """One question: its hash, and the messages that came back; of a callback's also the hash of what it was told."""

    question: str
    messages: list[tuple[Message, list[bytes]]] = field(default_factory=list)

    def tells_unbound(self, name: str) -> bool:
        """Return whether the notebook had no such name, whatever it was asked."""
        return any(message["type"] == "unbound" and message.get("name") == name for message, _ in self.messages)


@dataclass
class Transcript:
    """All questions of one check, and how it ended."""

    state: str = COMPLETED
    exchanges: list[Exchange] = field(default_factory=list)


def name_bytes(data: bytes) -> str:
    """Return the hash by which a question, or a reply to a callback, is known again."""
    return hashlib.sha256(data).hexdigest()[:32]


class TranscriptWriter:
    """Packs what is asked in a notebook as it comes; of more than MAX_KEPT_BYTES nothing is kept."""

    def __init__(self) -> None:
        self._compressor, self._waiting, self._bytes = zlib.compressobj(1), bytearray(), 0
        self._parts: list[bytes] = []

    def begin_check(self, grade_id: str) -> None:
        """Start a check; one that is tried once more counts the last time."""
        self._write({"type": "check", "grade_id": grade_id})

    def begin_question(self, question: str) -> None:
        """Start a question, by its hash."""
        self._write({"type": "question", "question": question})

    def add(self, message: Message, blobs: list[bytes]) -> None:
        """Add a message that came back, after it was found to be one."""
        kept: dict[str, Any] = {
            key: message[key] for key in ("type", "value", "callback", "reply", "name") if key in message
        }
        self._write(kept, blobs)

    def end_check(self, state: str) -> None:
        """Say how the check ended."""
        self._write({"type": "end", "state": state})

    def _write(self, message: Message, blobs: list[bytes] | None = None) -> None:
        if self._bytes <= MAX_KEPT_BYTES:
            self._waiting += pack(message, blobs or [])
            if len(self._waiting) > PART_BYTES:
                self._compress()

    def _compress(self) -> None:
        part = self._compressor.compress(self._waiting)
        self._waiting.clear()
        self._bytes += len(part)
        self._parts.append(part)

    def finish(self) -> bytes:
        """Return all of it as bytes; empty if that is too much to be kept."""
        self._compress()
        data = b"".join([*self._parts, self._compressor.flush()])
        return data if self._bytes <= MAX_KEPT_BYTES else b""


def unpack_transcripts(data: bytes) -> dict[str, Transcript]:
    """Return what a TranscriptWriter made bytes of. Raises LineFault if they are something else."""
    found: dict[str, Transcript] = {}
    for message, blobs in FrameReader().feed(_decompress(data)):
        kind, transcript = message.get("type"), next(reversed(found.values()), None)
        if kind == "check" and isinstance(message.get("grade_id"), str):
            found.pop(message["grade_id"], None)
            found[message["grade_id"]] = Transcript()
        elif kind == "end" and transcript and message.get("state") in STATES:
            transcript.state = message["state"]
        elif kind == "question" and transcript and isinstance(message.get("question"), str):
            transcript.exchanges.append(Exchange(message["question"]))
        elif kind in KINDS and transcript and transcript.exchanges:
            transcript.exchanges[-1].messages.append((message, blobs))
        else:
            raise LineFault("not a transcript")
    return found


def _decompress(data: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        unpacked = decompressor.decompress(data, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise LineFault("not compressed as transcripts are") from error
    if not decompressor.eof:
        raise LineFault("a transcript that is too large, or cut short")
    return unpacked
