"""The judge's side of a running notebook: send a cell, get what it printed, showed and raised.

Nothing that comes back is trusted: it is bounded in size, has to carry the cell's nonce, and is rebuilt as a
notebook output from plain strings.
"""

import json
import secrets
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from helpers.grading.answering.cell_result import COMPLETED, DIED, FORGED, TIMED_OUT, CellResult
from helpers.grading.answering.events import read_event
from helpers.grading.answering.fork_server import ForkServer, ForkServerError
from helpers.grading.answering.limits import MAX_CELL_BYTES, MAX_QUESTION_BYTES
from helpers.grading.answering.room import CellRoom, Room
from helpers.line.frames import MAX_JSON_BYTES, MAX_QUESTION_JSON_BYTES, FrameReader, Message, pack
from helpers.line.kinds import LineFault

GRACE_S = 3.0  # after an interrupt


class Channel:
    """One process's channel: the notebook's main process, or a snapshot of it."""

    def __init__(self, connection: socket.socket, room: Room | None = None) -> None:
        connection.setblocking(False)
        self._connection, self._reader, self.open = connection, FrameReader(), True
        self._room, self.nonce = room or Room(), ""

    def run(self, request: Message, *, timeout_s: float, interrupt: Callable[[], None] | None = None) -> CellResult:
        """Send a request, and gather its outputs until it is done, dies, forges, or takes too long."""
        result, started = CellResult(room=CellRoom(self._room)), time.monotonic()

        def take(message: Message, blobs: list[bytes]) -> bool:
            return read_event(message, self.nonce, result)

        options: dict[str, Any] = {"most_bytes": MAX_CELL_BYTES, "timeout_s": timeout_s, "interrupt": interrupt}
        result.state = self.exchange(request, take, **options)
        result.wall_s = time.monotonic() - started
        return result

    def exchange(
        self,
        request: Message,
        take: Callable[[Message, list[bytes]], bool],
        *,
        blobs: Sequence[bytes] = (),
        timeout_s: float,
        most_bytes: int = MAX_QUESTION_BYTES,
        interrupt: Callable[[], None] | None = None,
    ) -> str:
        """Send a request and give what comes to `take` until that returns True; return how it ended."""
        self.nonce, deadline = secrets.token_hex(8), time.monotonic() + timeout_s
        self._reader.most_json_bytes = MAX_QUESTION_JSON_BYTES if blobs else MAX_JSON_BYTES
        if not self.open:
            return DIED
        try:
            self.send(request, blobs, timeout_s=timeout_s)
            return self._gather(take, deadline, most_bytes, interrupt)
        except LineFault:
            self.open = False
            return FORGED
        except OSError:
            self.open = False
            return DIED

    def send(self, message: Message, blobs: Sequence[bytes] = (), *, timeout_s: float) -> None:
        """Send one message of the exchange that is under way."""
        data, deadline = memoryview(pack({**message, "nonce": self.nonce}, blobs)), time.monotonic() + timeout_s
        while data:
            try:
                data = data[self._connection.send(data) :]
            except BlockingIOError:
                if not self._wait(deadline, to_send=True):
                    raise TimeoutError("student code has stopped reading") from None

    def _gather(self, take, deadline: float, most_bytes: int, interrupt) -> str:
        received, interrupted = 0, False
        while True:
            if not self._wait(deadline):
                if interrupted or interrupt is None:
                    self.open = False  # it did not even react to the interrupt: it will be killed
                    return TIMED_OUT
                interrupt()
                interrupted, deadline = True, time.monotonic() + GRACE_S
                continue
            data = self._connection.recv(1 << 18)
            received += len(data)
            if not data or received > most_bytes:
                self.open = False
                return DIED
            for message, blobs in self._reader.feed(data):
                if message.get("nonce") != self.nonce:
                    raise LineFault("a message that belongs to no cell")
                if take(message, blobs):
                    return TIMED_OUT if interrupted else COMPLETED

    def _wait(self, deadline: float, *, to_send: bool = False) -> bool:
        """Wait until there is something to read, or room to send; return False if the time is over before."""
        left, ends = deadline - time.monotonic(), [self._connection]
        return left > 0 and any(select.select([] if to_send else ends, ends if to_send else [], [], left))

    def close(self) -> None:
        """Close the channel, which ends a waiting process."""
        self.open = False
        self._connection.close()


class Session:
    """One notebook's processes: a main process, snapshots, and the supervisor that watches them."""

    def __init__(self, control: socket.socket, main: Channel, snapshots: list[Channel]) -> None:
        self._control, self.main, self.snapshots = control, main, snapshots
        self._taken, self.usage, self.limit = 0, {"cpu_s": 0.0, "peak_mb": 0.0}, ""

    def run(self, source: str, *, timeout_s: float) -> CellResult:
        """Run one cell in the main process."""
        return self.main.run({"do": "run", "source": source}, timeout_s=timeout_s, interrupt=self._interrupt)

    def take_snapshot(self, *, timeout_s: float = 20.0) -> Channel | None:
        """Fork the main process as it is now; None if that is not possible any more."""
        channel, number = self.snapshots[self._taken], self._taken
        self._taken += 1
        done = self.main.run({"do": "snapshot", "number": number}, timeout_s=timeout_s)
        return channel if done.state == COMPLETED else None

    def end_main(self) -> None:
        """Kill the main process; its snapshots stay."""
        self._command("kill")
        self.main.close()

    def _interrupt(self) -> None:
        self._command("interrupt")

    def _command(self, name: str) -> None:
        with suppress(OSError):  # the supervisor may have ended everything for a limit; its last lines say so
            self._control.sendall(json.dumps({"do": name}).encode() + b"\n")

    def end(self) -> None:
        """Kill whatever still runs, and read the supervisor's account of it."""
        for channel in (self.main, *self.snapshots):
            channel.close()
        self._command("end")
        events = list(_read_lines(self._control))
        if not any(event.get("event") in ("usage", "failed") for event in events):
            raise ForkServerError("The process that watches a notebook was killed, perhaps for want of memory")
        for event in events:
            if event.get("event") == "usage":
                self.usage = event
            elif event.get("event") == "limit":
                self.limit = str(event.get("what"))
            elif event.get("event") == "failed":
                raise ForkServerError(f"The sandbox could not be set up: {event.get('why')}")
        self._control.close()


def _read_lines(control: socket.socket, *, timeout_s: float = 30.0) -> Iterator[dict]:
    """Yield the supervisor's messages until it has gone."""
    control.settimeout(timeout_s)
    data = b""
    with suppress(OSError):
        while part := control.recv(4096):
            data += part
    for line in data.splitlines():
        yield json.loads(line)


@contextmanager
def open_session(server: ForkServer, work: str, *, snapshots: int, set_up: Sequence[str] = ()) -> Iterator[Session]:
    """Start a notebook's processes in the folder `work`, after these set-up cells; they are gone at the end.

    Raises ForkServerError if the server ended meanwhile: the notebook cannot be blamed for what did not run.
    """
    pairs = [socket.socketpair() for _ in range(2 + snapshots)]
    server.fork(work, [theirs.fileno() for _, theirs in pairs], set_up=set_up)
    for _, theirs in pairs:
        theirs.close()
    control, main, *others = (ours for ours, _ in pairs)
    room = Room()
    session = Session(control, Channel(main, room), [Channel(other, room) for other in others])
    try:
        yield session
    finally:
        session.end()
        for ours, _ in pairs:
            ours.close()
    if not server.is_alive():
        raise ForkServerError("The fork server ended while a notebook ran.")
