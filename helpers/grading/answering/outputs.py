"""Collect what a cell prints and shows, bounded in size, and send it to the judge. Runs beside student code."""

import base64
import io
import os
import tempfile
from typing import Any

from helpers.checks.output import CHECK_MIME_TYPE
from helpers.grading.answering.limits import (
    MAX_MESSAGE,
    MAX_RICH_BYTES,
    MAX_SENT_BYTES,
    MAX_SHOWN,
    MAX_TEXT,
    PRINTED,
    RICH,
    SHOWN,
)
from helpers.line.frames import pack, write_packed


class Outputs:
    """Sends the events of one cell after the other through one channel."""

    def __init__(self, descriptor: int) -> None:
        self.serve(descriptor)

    def serve(self, descriptor: int) -> None:
        """Send through this channel from now on, from this process."""
        self.descriptor, self.process, self.muted = descriptor, os.getpid(), False
        self.begin("")

    def begin(self, nonce: str) -> None:
        """Start a new cell, whose events carry `nonce`."""
        self.nonce, self._text, self._rich, self._shown, self._sent = nonce, 0, 0, 0, 0
        self._pending: list[Any] = []
        self._told: set[str] = set()

    def send(self, kind: str, **event: Any) -> None:
        """Send one event, after the text that came before it. Only the process that runs the cells sends."""
        if os.getpid() != self.process:
            return
        self.flush()
        self._write(kind, self._pack(kind, **event))

    def _pack(self, kind: str, **event: Any) -> bytes:
        return pack({"nonce": self.nonce, "type": kind, **event})

    def _write(self, kind: str, packed: bytes) -> None:
        """Write an event, unless the cell has sent too much; that it is done is told in any case."""
        if kind == "done" or self._sent + len(packed) <= MAX_SENT_BYTES:
            self._sent += len(packed)
            write_packed(self.descriptor, packed)

    def _may_show(self) -> bool:
        """Count one more thing that is shown; return whether there is room for it, and say so once if not."""
        self._shown += 1
        if self._shown <= MAX_SHOWN:
            return True
        self._tell(SHOWN)
        return False

    def _tell(self, limit: str) -> None:
        if limit not in self._told:
            self._told.add(limit)
            self._pending.append(f"\n[left out from here on: {limit}]\n")

    def print(self, text: str) -> None:
        """Keep printed text; what goes beyond the limit is dropped, with one line that says so.

        A process that student code has forked prints to the file of descriptor 1.
        """
        if os.getpid() != self.process:
            os.write(1, text.encode("utf-8", "replace"))
            return
        if not text or self._text > MAX_TEXT:
            return
        room = MAX_TEXT - self._text
        self._text += len(text)
        cut = f"\n[output cut here: {PRINTED}]\n" if len(text) > room else ""
        self._pending.append(text[:room] + cut)
        if sum(map(len, self._pending[-64:])) > 8_000 or len(self._pending) > 64:
            self.flush()

    def flush(self) -> None:
        """Send the text that is still kept."""
        if self._pending:
            text, self._pending = "".join(self._pending), []
            self._write("stream", self._pack("stream", text=text))

    def show(self, kind: str, data: dict) -> None:
        """Send a display or a result. Beyond the limits they are dropped, with a line that says so; reports are not."""
        if os.getpid() != self.process or self.muted:
            return
        packed = self._pack(kind, data={str(mime): _encode(value) for mime, value in data.items()})
        if CHECK_MIME_TYPE not in data:
            self._rich += len(packed)
            if not self._may_show():
                return
            if self._rich > MAX_RICH_BYTES:
                self._tell(RICH)
                return
        self.flush()
        self._write(kind, packed)

    def clear(self) -> None:
        """Tell that what was shown so far is to go."""
        if self._may_show():
            self._told.clear()
            self.send("clear")

    def fail(self, error_type: type | None, error: BaseException | None, lines: list[str]) -> None:
        """Send an error with its traceback."""
        self._shown += 1
        if self._shown > 2 * MAX_SHOWN:
            return
        traceback = [str(line)[:MAX_MESSAGE] for line in lines[:100]]
        name, message = getattr(error_type, "__name__", "Error")[:MAX_MESSAGE], str(error)[:MAX_MESSAGE]
        self.send("error", ename=name, evalue=message, traceback=traceback)


def _encode(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


class Stream(io.TextIOBase):
    """sys.stdout and sys.stderr of a cell."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, outputs: Outputs, descriptor: int) -> None:
        self._outputs, self._descriptor = outputs, descriptor
        self.buffer = _Bytes(self)

    def write(self, text: str) -> int:
        """Keep `text`; return its length."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.print(text)
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that programs started by the cell print to."""
        return self._descriptor


class _Bytes(io.RawIOBase):
    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


class PrintedByPrograms:
    """What C code and other programs print to descriptors 1 and 2: kept in a file until the cell ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=0, mode="ab+")  # noqa: SIM115  (lives as long as the process)
        os.dup2(self._file.fileno(), 1)
        os.dup2(self._file.fileno(), 2)

    def take(self) -> str:
        """Return what was printed since the last call, and forget it."""
        text = os.pread(self._file.fileno(), MAX_TEXT, 0).decode("utf-8", "replace")
        if text:
            os.ftruncate(self._file.fileno(), 0)
        return text
