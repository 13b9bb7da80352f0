"""A web server on loopback that gives good and bad answers, for tests of downloads."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = bytes | int | Callable[[BaseHTTPRequestHandler], None]


class WeightsServer:
    """`answers` maps a path to a body, a status, or a function of the request's handler; `requests` counts."""

    def __init__(self, address: str):
        self.address = address
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.released = threading.Event()

    def stop_halfway(self, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
        """Give an answer that promises the whole body, sends half, and closes."""
        return lambda handler: _send(handler, body[: len(body) // 2], length=len(body))

    def wait_halfway(self, body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
        """Give an answer that sends half of the body, and the rest when the test sets `released`."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            _send(handler, body[: len(body) // 2], length=len(body))
            self.released.wait()
            handler.wfile.write(body[len(body) // 2 :])

        return answer

    def call_first(self, action: Callable[[], None], body: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
        """Give an answer that calls `action` and then sends the body."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            action()
            _send(handler, body, length=len(body))

        return answer

    def stay_silent(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer nothing until the test ends."""
        self.released.wait()


@contextlib.contextmanager
def serve() -> Iterator[WeightsServer]:
    """Run a server on a free port of 127.0.0.1 while the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append(self.path)
            answer = server.answers.get(self.path, 404)
            with contextlib.suppress(ConnectionError):  # a client that was killed
                if isinstance(answer, bytes):
                    _send(self, answer, length=len(answer))
                elif isinstance(answer, int):
                    self.send_error(answer)
                else:
                    answer(self)

        def log_message(self, *arguments: object) -> None:
            """Keep the test's stderr clean."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = WeightsServer(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def _send(handler: BaseHTTPRequestHandler, body: bytes, *, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()
