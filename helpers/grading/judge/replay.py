"""Judge a check once more from its transcript, without running an answer."""

from collections.abc import Mapping
from typing import Any

from helpers.grading.answering.cell_result import TIMED_OUT, CellResult
from helpers.grading.judge.checks import limit_judging, list_answer_names, run_check
from helpers.grading.judge.remote import Packer
from helpers.grading.judge.transcript import Exchange, Transcript, name_bytes
from helpers.line.asking import Answer, Happened, Observer, read_happened
from helpers.line.decode import decode
from helpers.line.kinds import AnswerLost, LineFault, NotBound, NotLive


class ReplayLine:
    """Gives the answers of a transcript to the same questions. `asked` collects each with its inputs, for a person."""

    is_live = False

    def __init__(self, transcript: Transcript) -> None:
        self._left, self._state, self._packer = list(transcript.exchanges), transcript.state, Packer()
        self.asked: list[tuple[str, Observer, Mapping[str, Any], Happened | None]] = []

    def ask(self, name: str, observer: Observer, inputs: Mapping[str, Any]) -> Happened:
        """Return what happened then. Raises NotLive, or AnswerLost or NotBound as then."""
        question = name_bytes(name.encode() + self._packer.pack((observer, dict(inputs))))
        if self._left and self._left[0].tells_unbound(name):
            raise NotBound(name)
        if not self._left or self._left[0].question != question:
            raise NotLive
        happened = self._repeat(self._left.pop(0))
        self.asked.append((name, observer, inputs, happened))
        if happened is None:
            raise AnswerLost(self._state if not self._left else TIMED_OUT)
        return happened

    def _repeat(self, exchange: Exchange) -> Happened | None:
        """Call what was called then, and return the result; None if there was none."""
        for message, blobs in exchange.messages:
            value = decode(message["value"], blobs) if "value" in message else None
            if message["type"] == "happened":
                return read_happened(value)
            if message["type"] == "called":
                _, reply = self._packer.call_back(message.get("callback"), value)
                if name_bytes(reply) != message.get("reply"):
                    raise NotLive
        return None


def judge_again(source: str, namespace: Mapping[str, Any], line: ReplayLine) -> CellResult:
    """Run a check cell with the answers of a transcript. Raises NotLive if these are not enough."""
    wanted = list_answer_names(source, namespace)
    try:
        with limit_judging():
            return run_check(source, namespace, {name: Answer(name, line) for name in wanted})
    except AnswerLost as lost:
        return CellResult(state=lost.state)
    except LineFault as fault:  # a file that was changed by hand
        raise NotLive from fault
