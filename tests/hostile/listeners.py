"""What an attack might reach or open by network: ears on every kind of socket, and a hand that knocks."""

import contextlib
import selectors
import socket
import threading
from pathlib import Path


class Listeners:
    """Listens on TCP, UDP, a socket file and an abstract name, and knocks at one port; keeps what got through."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._selector, self._stop = selectors.DefaultSelector(), threading.Event()
        self.knocking = threading.Lock()  # held while the hand is out
        self.heard: list[str] = []
        self.file, self.abstract = str(folder / "private.sock"), f"\0{mark}"
        self.tcp = self._listen("TCP", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))[1]
        self.udp = self._listen("UDP", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))[1]
        self._listen("a socket file", socket.AF_UNIX, socket.SOCK_STREAM, self.file)
        Path(self.file).chmod(0o777)
        self._listen("an abstract socket", socket.AF_UNIX, socket.SOCK_STREAM, self.abstract)
        self.door = _find_free_port()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _listen(self, name: str, family: int, kind: int, address):
        ear = socket.socket(family, kind)
        ear.bind(address)
        if kind == socket.SOCK_STREAM:
            ear.listen()
        ear.setblocking(False)
        self._selector.register(ear, selectors.EVENT_READ, name)
        return ear.getsockname()

    def _serve(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._selector.select(0.05):
                self.heard.append(f"reached the grader by {key.data}")
                _take(key.fileobj)
            self._knock()

    def _knock(self) -> None:
        with self.knocking, socket.socket() as hand:
            hand.settimeout(0.05)
            if hand.connect_ex(("127.0.0.1", self.door)) == 0 and hand.getpeername() != hand.getsockname():
                self.heard.append("opened a port that the network can reach")

    def take_heard(self) -> list[str]:
        """Return what got through since the last call, and forget it."""
        heard, self.heard = self.heard, []
        return sorted(set(heard))

    def __enter__(self) -> "Listeners":
        self._thread.start()
        return self

    def __exit__(self, *error) -> None:
        self._stop.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()


def _take(ear: socket.socket) -> None:
    with contextlib.suppress(OSError):
        if ear.type == socket.SOCK_STREAM:
            ear.accept()[0].close()
        else:
            ear.recv(100)


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
