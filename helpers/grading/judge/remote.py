"""The judge's end of the line: send a question to the process of the answers, and read plain data from it."""

import io
import pickle
import time
from collections.abc import Mapping
from typing import Any

import cloudpickle
from torch import Tensor

from helpers.grading.answering.cell_result import COMPLETED, TIMED_OUT
from helpers.grading.answering.session import GRACE_S, Channel
from helpers.grading.judge.transcript import TranscriptWriter, name_bytes
from helpers.line.asking import Happened, Observer, read_happened
from helpers.line.callbacks import Callback
from helpers.line.decode import decode
from helpers.line.frames import Message
from helpers.line.kinds import AnswerLost, Kept, LineFault, NotBound
from helpers.line.tensors import reduce_tensor

PLAIN = (type(None), bool, int, float, str)
MAX_PRINTED = 20_000  # characters, of all questions of a check


class RemoteLine:
    """Asks through one channel, for one check: all its questions share the time until `deadline`.

    `writer` keeps what was asked and what came back.
    """

    is_live = True

    def __init__(self, channel: Channel, writer: TranscriptWriter, *, deadline: float) -> None:
        self._channel, self._deadline = channel, deadline
        self._packer, self._writer = Packer(), writer
        self.printed = ""

    def ask(self, name: str, observer: Observer, inputs: Mapping[str, Any]) -> Happened:
        """Return what happened. Raises AnswerLost if nothing came back, NotBound if the notebook has no such name."""
        left_s = self._deadline - time.monotonic()
        came: list[Happened | None] = []
        if left_s <= 0:
            raise AnswerLost(TIMED_OUT)

        def take(message: Message, blobs: list[bytes]) -> bool:
            return self._take(message, blobs, came)

        question = self._packer.pack((observer, dict(inputs)))
        self._writer.begin_question(name_bytes(name.encode() + question))
        request = {"do": "ask", "name": name, "timeout_s": left_s}
        state = self._channel.exchange(request, take, blobs=[question], timeout_s=left_s + GRACE_S)
        if state != COMPLETED:
            raise AnswerLost(state)
        if not came or time.monotonic() > self._deadline:
            raise AnswerLost(TIMED_OUT)
        if came[0] is None:
            self._writer.add({"type": "unbound", "name": name}, [])
            raise NotBound(name)
        return came[0]

    def _take(self, message: Message, blobs: list[bytes], came: list[Happened | None]) -> bool:
        """Read one message of a question; return whether it is the last. Raises LineFault for what is none."""
        kind = message.get("type")
        if kind == "happened":
            came.append(read_happened(decode(message.get("value"), blobs)))
            self._writer.add(message, blobs)
        elif kind == "unbound":
            came.append(None)
        elif kind == "called":
            raised, reply = self._packer.call_back(message.get("callback"), decode(message.get("value"), blobs))
            self._writer.add(message | {"reply": name_bytes(reply)}, blobs)
            self._channel.send({"raised": raised}, [reply], timeout_s=self._deadline + GRACE_S - time.monotonic())
        elif kind == "stream" and isinstance(message.get("text"), str):
            room = MAX_PRINTED - len(self.printed)
            self.printed += message["text"][:room].encode("utf-8", "replace").decode("utf-8")
        elif kind not in ("interrupted", "display", "result", "clear", "error"):
            raise LineFault("a message of an unknown type")
        return kind in ("happened", "unbound", "interrupted")


class Packer:
    """Packs questions and replies, and knows the callbacks that went out with them."""

    def __init__(self) -> None:
        self._callbacks: list[Callback] = []

    def pack(self, value: Any) -> bytes:
        """Return a value of the judge's as bytes, with callbacks and kept things as numbers."""
        if type(value) in PLAIN:  # what a clock says, thousands of times
            return pickle.dumps(value, protocol=cloudpickle.DEFAULT_PROTOCOL)
        buffer = io.BytesIO()
        _Pickler(buffer, self._callbacks).dump(value)
        return buffer.getvalue()

    def call_back(self, number: Any, arguments: Any) -> tuple[bool, bytes]:
        """Call the function that an answer has called; return whether it raised, and what it gave or raised."""
        if type(number) is not int or not 0 <= number < len(self._callbacks):
            raise LineFault("no such callback")
        if not isinstance(arguments, tuple) or [type(part) for part in arguments] != [tuple, dict]:
            raise LineFault("no arguments")
        args, kwargs = arguments
        if not all(isinstance(name, str) for name in kwargs):
            raise LineFault("names that are no names")
        try:
            return False, self.pack(self._callbacks[number].function(*args, **kwargs))
        except Exception as error:
            return True, self.pack(error)


class _Pickler(cloudpickle.Pickler):
    """Packs a question: the judge's own objects, with callbacks and kept things as numbers."""

    def __init__(self, file: io.BytesIO, callbacks: list[Callback]) -> None:
        super().__init__(file)
        self._callbacks = callbacks

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Tensor):
            return reduce_tensor(obj)
        return super().reducer_override(obj)

    def persistent_id(self, obj: Any) -> tuple[str, int] | None:
        kind = type(obj)
        if kind is Kept:
            return "kept", obj.number
        if kind is not Callback:
            return None
        for number, callback in enumerate(self._callbacks):
            if callback is obj:
                return "callback", number
        self._callbacks.append(obj)
        return "callback", len(self._callbacks) - 1
