"""Three photos from the web: a dog, a cat and a car."""

import os
import time
from http.client import HTTPException, IncompleteRead
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from helpers.images.opening import ImageError, decode_image, open_image
from helpers.images.samples import PhotoError

WEB_PHOTOS = {
    "dog.jpg": "https://github.com/pytorch/hub/raw/master/images/dog.jpg",
    "cat.jpg": "https://upload.wikimedia.org/wikipedia/commons/4/4d/Cat_November_2010-1a.jpg",
    "car.jpg": "https://upload.wikimedia.org/wikipedia/commons/9/9a/"
    "2014_Mazda_3_%28BM%29_2.0_sedan_%282015-08-07%29_01.jpg",
}
USER_AGENT = "pytorch-inference-exercise/1.0 (Python urllib)"  # Wikimedia refuses requests without a name
MAX_DOWNLOAD_BYTES = 50_000_000
_CHUNK_BYTES = 65_536


def fetch_web_photos(
    folder: str | os.PathLike, *, mirror: str | None = None, timeout_s: float = 30.0
) -> dict[str, Path]:
    """Fetch dog.jpg, cat.jpg and car.jpg into `folder`; give their paths by name ("dog", "cat", "car").

    A photo that is there and can be opened is kept. A new one is put in place only when it has come whole.
    `mirror` is a web address (http or https) whose folder holds the three files, for a class without internet;
    `timeout_s` is the longest that one photo may take.

    Raises PhotoError naming each photo that could not be fetched; the others are there.
    """
    if mirror is not None and urlsplit(mirror).scheme not in ("http", "https"):
        raise ValueError(f"mirror must start with http:// or https://, but it is {mirror!r}.")
    folder = Path(folder)
    paths, failures = {}, []
    for name, url in WEB_PHOTOS.items():
        paths[Path(name).stem] = path = folder / name
        address = url if mirror is None else f"{mirror.rstrip('/')}/{name}"
        try:
            _fetch_missing(path, address, timeout_s)
        except (OSError, HTTPException, ImageError) as error:
            failures.append(f"{name} ({_explain(error, address)})")
    if failures:
        raise PhotoError(
            f"Could not fetch {', '.join(failures)}. "
            "Try again later, or use images.sample_photos(), which needs no network."
        )
    return paths


def _fetch_missing(path: Path, url: str, timeout_s: float) -> None:
    try:
        open_image(path)
    except ImageError:
        data = _read(url, timeout_s)
        decode_image(data, name=path.name)
        _write_whole(path, data)


def _read(url: str, timeout_s: float) -> bytes:
    deadline = time.monotonic() + timeout_s
    with urlopen(Request(url, headers={"User-Agent": USER_AGENT}), timeout=timeout_s) as response:
        expected = response.headers["Content-Length"]
        data = bytearray()
        while chunk := response.read1(_CHUNK_BYTES):
            data += chunk
            if time.monotonic() > deadline:
                raise TimeoutError
            if len(data) > MAX_DOWNLOAD_BYTES:
                raise ImageError("larger than a photo should be")
    if expected is not None and len(data) != int(expected):
        raise ImageError("cut short")
    return bytes(data)


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _explain(error: OSError | HTTPException | ImageError, url: str) -> str:
    """Say in a few words what went wrong."""
    host = urlsplit(url).netloc
    if isinstance(error, HTTPError):
        return f"{host} answered {error.code} {error.reason}"
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return f"{host} did not answer in time"
    if isinstance(error, ImageError | IncompleteRead):
        return "what came is not a whole photo"
    if isinstance(error, URLError | HTTPException | ConnectionError):
        return f"no connection to {host}"
    return f"it cannot be written: {error.strerror}"
