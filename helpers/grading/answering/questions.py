"""Answer one question of the judge, beside the student's code: call the observer, tell what happened.

Questions come from the judge and may hold objects; what goes back is plain data (helpers.line). An answer that calls
something of the judge's (helpers.line.callbacks) waits until the judge has answered that.
"""

import io
import os
import pickle
import threading
from typing import Any

from helpers.grading.answering.outputs import Outputs, PrintedByPrograms
from helpers.grading.answering.shell import CellShell, run_interruptible
from helpers.line.asking import observe
from helpers.line.callbacks import find_kept
from helpers.line.encode import encode
from helpers.line.frames import read_frame, write_frame
from helpers.line.kinds import Kept

_one_at_a_time = threading.Lock()


class RemoteCallback:
    """Calls a function on the judging side, and waits for what it gives."""

    def __init__(self, number: int, outputs: Outputs) -> None:
        self._number, self._outputs = number, outputs

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Send plain arguments, return the result, or raise the error that the judge sends."""
        if os.getpid() != self._outputs.process:
            raise RuntimeError("Only the process that was asked can call this.")
        tree, blobs = encode((args, kwargs))
        with _one_at_a_time:
            message = {"nonce": self._outputs.nonce, "type": "called", "callback": self._number, "value": tree}
            write_frame(self._outputs.descriptor, message, blobs)
            frame = read_frame(self._outputs.descriptor)
        if frame is None:
            os._exit(0)
        message, (data,) = frame
        result = load(data, self._outputs)
        if message["raised"]:
            raise result
        return result

    def __reduce__(self) -> tuple:
        """A copy calls the same function."""
        return RemoteCallback, (self._number, self._outputs)

    def __deepcopy__(self, memo: dict) -> "RemoteCallback":
        return self


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, outputs: Outputs) -> None:
        super().__init__(file)
        self._outputs = outputs

    def persistent_load(self, pid: tuple[str, Any]) -> Any:
        kind, value = pid
        return RemoteCallback(value, self._outputs) if kind == "callback" else find_kept(Kept(value))


def load(data: bytes, outputs: Outputs) -> Any:
    """Return what the judge sent: its own objects, callbacks, and things that were kept here."""
    return _Unpickler(io.BytesIO(data), outputs).load()


def answer_question(shell: CellShell, request: dict, data: bytes, printed: PrintedByPrograms) -> None:
    """Ask the answer, and send what happened, or that the time was over, or that the notebook has no such name."""
    outputs = shell.outputs
    if request["name"] not in shell.user_ns:
        outputs.send("unbound")
        return
    outputs.muted = True  # what an answer shows while it is asked, nobody will see
    outcome = run_interruptible(outputs, lambda: _ask(shell, request, data), timeout_s=request["timeout_s"])
    if os.getpid() != outputs.process:
        os._exit(0)
    outputs.print(printed.take())
    if outcome is None:
        outputs.send("interrupted")
        return
    outputs.flush()
    tree, blobs = outcome
    write_frame(outputs.descriptor, {"nonce": outputs.nonce, "type": "happened", "value": tree}, blobs)


def _ask(shell: CellShell, request: dict, data: bytes) -> tuple[Any, list[bytes]]:
    observer, inputs = load(data, shell.outputs)
    return observe(observer, shell.user_ns[request["name"]], inputs)
