"""The judge's end of the line: send a question to the process of the answers, and read plain data from it."""

import io
import time
from collections.abc import Mapping
from typing import Any

import cloudpickle

from helpers.grading.kernels.cell_result import COMPLETED, TIMED_OUT
from helpers.grading.kernels.session import GRACE_S, Channel
from helpers.line.asking import Happened, Observer, read_happened
from helpers.line.callbacks import Callback
from helpers.line.decode import decode
from helpers.line.frames import Message
from helpers.line.kinds import AnswerLost, Kept, LineFault

MOST_PRINTED = 20_000  # characters, of all questions of a check


class RemoteLine:
    """Asks through one channel, for one check: all its questions share the time until `deadline`."""

    def __init__(self, channel: Channel, *, deadline: float) -> None:
        self._channel, self._deadline = channel, deadline
        self._callbacks: list[Callback] = []
        self.printed = ""

    def ask(self, name: str, observer: Observer, inputs: Mapping[str, Any]) -> Happened:
        """Return what happened. Raises AnswerLost if nothing came back."""
        left_s, came = self._deadline - time.monotonic(), []
        if left_s <= 0:
            raise AnswerLost(TIMED_OUT)

        def take(message: Message, blobs: list[bytes]) -> bool:
            return self._take(message, blobs, came)

        question = self._pack((observer, dict(inputs)))
        request = {"do": "ask", "name": name, "timeout_s": left_s}
        state = self._channel.exchange(request, take, blobs=[question], timeout_s=left_s + GRACE_S)
        if state != COMPLETED:
            raise AnswerLost(state)
        if not came or time.monotonic() > self._deadline:
            raise AnswerLost(TIMED_OUT)
        return came[0]

    def _take(self, message: Message, blobs: list[bytes], came: list[Happened]) -> bool:
        """Read one message of a question; return whether it is the last. Raises LineFault for what is none."""
        kind = message.get("type")
        if kind == "happened":
            came.append(read_happened(decode(message.get("value"), blobs)))
        elif kind == "called":
            self._call_back(message.get("callback"), decode(message.get("value"), blobs))
        elif kind == "stream" and isinstance(message.get("text"), str):
            room = MOST_PRINTED - len(self.printed)
            self.printed += message["text"][:room].encode("utf-8", "replace").decode("utf-8")
        elif kind not in ("interrupted", "display", "result", "clear", "error"):
            raise LineFault("a message of an unknown type")
        return kind in ("happened", "interrupted")

    def _call_back(self, number: Any, arguments: Any) -> None:
        """Call the function that the answer has called, and send what it gives or raises."""
        if type(number) is not int or not 0 <= number < len(self._callbacks):
            raise LineFault("no such callback")
        if not isinstance(arguments, tuple) or [type(part) for part in arguments] != [tuple, dict]:
            raise LineFault("no arguments")
        args, kwargs = arguments
        try:
            raised, result = False, self._callbacks[number].function(*args, **kwargs)
        except Exception as error:
            raised, result = True, error
        left_s = self._deadline + GRACE_S - time.monotonic()
        self._channel.send({"raised": raised}, [self._pack(result)], timeout_s=left_s)

    def _pack(self, value: Any) -> bytes:
        buffer = io.BytesIO()
        _Pickler(buffer, self._callbacks).dump(value)
        return buffer.getvalue()


class _Pickler(cloudpickle.Pickler):
    """Packs a question: the judge's own objects, with callbacks and kept things as numbers."""

    def __init__(self, file: io.BytesIO, callbacks: list[Callback]) -> None:
        super().__init__(file)
        self._callbacks = callbacks

    def persistent_id(self, obj: Any) -> tuple[str, int] | None:
        if isinstance(obj, Kept):
            return "kept", obj.number
        if not isinstance(obj, Callback):
            return None
        for number, callback in enumerate(self._callbacks):
            if callback is obj:
                return "callback", number
        self._callbacks.append(obj)
        return "callback", len(self._callbacks) - 1
