"""Checks of notebook 01: a download that skips what is there and leaves nothing broken."""

import contextlib
import email.message
import io
import urllib.request
import urllib.response
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.checks.guard import make_scratch_folder
from helpers.checks.report import Check, checking


def check_download_file(download_file: Callable, *, content: bytes) -> None:
    """Check that `download_file(url, path)` fetches these bytes, and leaves nothing when the address is wrong."""
    behaviour = "fetches the bytes, and leaves nothing behind when the address is wrong"
    with checking("download_file", behaviour) as check, make_scratch_folder() as folder:
        source, target = folder / "source.jpg", folder / "photos" / "photo.jpg"
        target.parent.mkdir()
        source.write_bytes(content)
        with check.probe("an address that works"):
            check.call(download_file, source.as_uri(), target)
            if not target.is_file():
                check.stop("file_not_written", got="no file", expected="photos/photo.jpg")
            same = target.read_bytes() == content
            check.expect(same, "file_content_differs", got=f"{target.stat().st_size} bytes", expected=content[:8])
        target.unlink(missing_ok=True)
        with check.probe("an address where nothing is"):
            _expect_clean_failure(check, download_file, (folder / "missing.jpg").as_uri(), target)


def check_download_file_skips(download_file: Callable, *, content: bytes) -> None:
    """Check that `download_file` leaves a file alone that is there already, and does not even open the address."""
    with (
        checking("download_file", "a file that is there stays as it is") as check,
        make_scratch_folder() as folder,
    ):
        source, target = folder / "source.jpg", folder / "photo.jpg"
        source.write_bytes(content[::-1])
        with check.probe("first a photo that is not there yet"):
            check.call(download_file, source.as_uri(), target)
            check.expect(target.is_file(), "file_not_written", got="no file", expected="photo.jpg")
        if check.failures:
            return
        target.write_bytes(content)
        with check.probe("the photo is there, and the address has another one"):
            check.call(download_file, source.as_uri(), target)
            same = target.read_bytes() == content
            check.expect(same, "existing_file_replaced", got="other bytes", expected="the bytes from before")
        target.write_bytes(content)
        with check.probe("the photo is there, and the address does not answer"):
            missing = (folder / "missing.jpg").as_uri()
            check.call_or("existing_file_downloaded_again", download_file, missing, target)


def check_download_file_breaks(download_file: Callable, *, content: bytes) -> None:
    """Check that a connection that breaks half-way leaves no file, and that the next call then works."""
    with (
        checking("download_file", "a broken download leaves nothing") as check,
        make_scratch_folder() as folder,
    ):
        source, target = folder / "source.jpg", folder / "photos" / "photo.jpg"
        target.parent.mkdir()
        source.write_bytes(content)
        with check.probe("a connection that breaks half-way"), _breaking_address(content) as url:
            _expect_clean_failure(check, download_file, url, target)
        usual_cause = "partial_file_left" if target.exists() else "file_content_differs"
        with check.probe("the same photo once more, now the connection holds"):
            check.call(download_file, source.as_uri(), target)
            if not target.is_file():
                check.stop("file_not_written", got="no file", expected="photos/photo.jpg")
            complete = target.read_bytes() == content
            check.expect(complete, usual_cause, got="not the whole photo", expected="the whole photo")


def _expect_clean_failure(check: Check, download_file: Callable, url: str, target: Path) -> None:
    """Expect an exception, no file at `target`, and nothing else in its folder."""
    _, error = check.attempt(download_file, url, target)
    if error is None:
        check.fail("download_error_swallowed", got="no error", expected="the error of the failed download")
    if target.exists():
        cause = "partial_file_left" if target.stat().st_size else "empty_file_left"
        check.fail(cause, got=f"a file of {target.stat().st_size} bytes", expected="no file")
    elif left := sorted(path.name for path in target.parent.iterdir()):
        check.fail("temporary_file_left", got=", ".join(left), expected="an empty folder")


class _BreakingStream(io.BytesIO):
    """Gives the bytes it holds, then fails as a lost connection does."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data or size is None or size < 0:
            raise ConnectionResetError("the connection was lost half-way")
        return data


class _BreakingHandler(urllib.request.BaseHandler):
    """Opens addresses that start with `breaking://`."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def breaking_open(self, request: urllib.request.Request) -> urllib.response.addinfourl:
        headers = email.message.Message()
        headers["Content-Length"] = str(len(self.content))
        half = self.content[: len(self.content) // 2]
        return urllib.response.addinfourl(_BreakingStream(half), headers, request.full_url, 200)


@contextlib.contextmanager
def _breaking_address(content: bytes) -> Iterator[str]:
    urllib.request.install_opener(urllib.request.build_opener(_BreakingHandler(content)))
    try:
        yield "breaking://photos/photo.jpg"
    finally:
        urllib.request.install_opener(None)
