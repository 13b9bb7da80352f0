"""The photos from the web, fetched from a server on loopback."""

import io
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from helpers import images

NAMES = ["dog.jpg", "cat.jpg", "car.jpg"]


def make_jpeg(seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def server(monkeypatch):
    """A web server: `server.answers[path]` is the body, an HTTP status, or a function of the handler."""
    monkeypatch.setenv("no_proxy", "*")
    state = SimpleNamespace(answers={f"/{name}": make_jpeg(seed) for seed, name in enumerate(NAMES)}, requests=[])
    state.closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.requests.append((self.path, self.headers["User-Agent"]))
            answer = state.answers[self.path]
            if isinstance(answer, int):
                self.send_error(answer)
            elif isinstance(answer, bytes):
                send(self, answer, len(answer))
            else:
                answer(self)

        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.url = f"http://127.0.0.1:{httpd.server_port}"
    yield state
    state.closing.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def send(handler, body, length, status=200):
    handler.send_response(status)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(body)


def contents(folder):
    return sorted(path.name for path in folder.iterdir())


def test_fetches_the_three_photos(tmp_path, server):
    folder = tmp_path / "new" / "photos"
    paths = images.fetch_web_photos(folder, mirror=server.url)
    assert paths == {"dog": folder / "dog.jpg", "cat": folder / "cat.jpg", "car": folder / "car.jpg"}
    assert contents(folder) == sorted(NAMES)
    for path in paths.values():
        assert path.read_bytes() == server.answers[f"/{path.name}"]
    assert all("pytorch-inference-exercise" in agent for _, agent in server.requests)


def test_keeps_what_is_there(tmp_path, server):
    (tmp_path / "dog.jpg").write_bytes(make_jpeg(seed=99))
    images.fetch_web_photos(str(tmp_path), mirror=server.url + "/")
    assert (tmp_path / "dog.jpg").read_bytes() == make_jpeg(seed=99)
    assert [path for path, _ in server.requests] == ["/cat.jpg", "/car.jpg"]
    images.fetch_web_photos(tmp_path, mirror="http://127.0.0.1:9")  # all there: nothing is asked for


def test_replaces_a_broken_photo(tmp_path, server):
    (tmp_path / "dog.jpg").write_bytes(make_jpeg()[:300])
    images.fetch_web_photos(tmp_path, mirror=server.url)
    assert (tmp_path / "dog.jpg").read_bytes() == server.answers["/dog.jpg"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (404, r"127\.0\.0\.1:\d+ answered 404 Not Found"),
        (b"<html>please sign in</html>", "what came is not a whole photo"),
        (b"", "what came is not a whole photo"),
        (make_jpeg()[:2000], "what came is not a whole photo"),
        (lambda handler: send(handler, make_jpeg()[:2000], len(make_jpeg())), "what came is not a whole photo"),
        (lambda handler: send(handler, make_jpeg()[:2000], None), "what came is not a whole photo"),
        (lambda handler: handler.wfile.write(b"nonsense\r\n\r\n"), "no connection to 127"),
    ],
    ids=["404", "html", "empty", "short file", "broken off", "broken off, no length", "nonsense"],
)
def test_failure_names_the_photo_and_leaves_nothing(tmp_path, server, answer, reason):
    server.answers["/cat.jpg"] = answer
    with pytest.raises(images.PhotoError, match=rf"Could not fetch cat\.jpg \({reason}.*images\.sample_photos\(\)"):
        images.fetch_web_photos(tmp_path, mirror=server.url)
    assert contents(tmp_path) == ["car.jpg", "dog.jpg"]


def test_a_broken_photo_stays_until_a_good_one_has_come(tmp_path, server):
    (tmp_path / "dog.jpg").write_bytes(b"half")
    server.answers["/dog.jpg"] = 503
    with pytest.raises(images.PhotoError, match=r"dog\.jpg .* answered 503"):
        images.fetch_web_photos(tmp_path, mirror=server.url)
    assert (tmp_path / "dog.jpg").read_bytes() == b"half"


@pytest.fixture
def only_cat_missing(tmp_path, server):
    """Dog and car are there already, so that a short time limit concerns the cat alone."""
    for name in ("dog.jpg", "car.jpg"):
        (tmp_path / name).write_bytes(server.answers[f"/{name}"])
    return tmp_path


def test_server_that_hangs(only_cat_missing, server):
    server.answers["/cat.jpg"] = lambda handler: server.closing.wait(30)
    with pytest.raises(images.PhotoError, match=r"cat\.jpg \(127\.0\.0\.1:\d+ did not answer in time\)"):
        images.fetch_web_photos(only_cat_missing, mirror=server.url, timeout_s=0.5)
    assert contents(only_cat_missing) == ["car.jpg", "dog.jpg"]


def test_server_that_drips(only_cat_missing, server):
    """Each piece comes in time, the whole never does."""

    def drip(handler):
        send(handler, b"", 10**6)
        while not server.closing.wait(0.05):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    server.answers["/cat.jpg"] = drip
    with pytest.raises(images.PhotoError, match=r"cat\.jpg .* did not answer in time"):
        images.fetch_web_photos(only_cat_missing, mirror=server.url, timeout_s=0.5)
    assert contents(only_cat_missing) == ["car.jpg", "dog.jpg"]


def test_endless_download(tmp_path, server, monkeypatch):
    monkeypatch.setattr(images.web, "MAX_DOWNLOAD_BYTES", 1000)
    with pytest.raises(images.PhotoError, match=r"dog\.jpg .*, cat\.jpg .*, car\.jpg "):
        images.fetch_web_photos(tmp_path / "photos", mirror=server.url)
    assert contents(tmp_path) == []


def test_no_network(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(images.PhotoError, match=r"dog\.jpg \(no connection to .*\), cat\.jpg .*, car\.jpg"):
            images.fetch_web_photos(tmp_path / "photos", mirror=url)
    assert contents(tmp_path) == []


def test_no_name_server(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(images.PhotoError, match=r"no connection to github\.com.*no connection to upload\.wikimedia"):
        images.fetch_web_photos(tmp_path)


def test_folder_that_cannot_be_written(tmp_path, server):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(images.PhotoError, match=r"dog\.jpg \(it cannot be written: "):
        images.fetch_web_photos(tmp_path / "file", mirror=server.url)


@pytest.mark.parametrize("mirror", ["file:///tmp", "ftp://host/photos", "photos", ""])
def test_mirror_must_be_a_web_address(tmp_path, mirror):
    with pytest.raises(ValueError, match="mirror must start with http:// or https://"):
        images.fetch_web_photos(tmp_path, mirror=mirror)
