"""Checks of notebook 01: a download that skips what is there and leaves nothing broken."""

import contextlib
import email.message
import io
import urllib.request
import urllib.response
from collections.abc import Callable, Iterator

from helpers.checks.report import Check, checking
from helpers.line.folders import FolderCall, InFolder, call_in_folder, read_folder_call

FOLDER = "photos/"
SOURCE, TARGET = "source.jpg", f"{FOLDER}photo.jpg"
ADDRESS_AND_PATH = (InFolder(SOURCE, as_uri=True), InFolder(TARGET))
NO_FILES = {FOLDER: b""}


def check_download_file(download_file: Callable, *, content: bytes) -> None:
    """Check that `download_file(url, path)` fetches these bytes, and leaves nothing when the address is wrong."""
    behaviour = "fetches the bytes, and leaves nothing behind when the address is wrong"
    with checking("download_file", behaviour) as check:
        with check.probe("an address that works"):
            got = _download(check, download_file, {SOURCE: content}).files.get(TARGET)
            if got is None:
                check.stop("file_not_written", got="no file", expected=TARGET)
            check.expect(got == content, "file_content_differs", got=f"{len(got)} bytes", expected=content[:8])
        with check.probe("an address where nothing is"):
            _expect_clean_failure(check, check.ask_with_files(download_file, *ADDRESS_AND_PATH, files=NO_FILES))


def check_download_file_skips(download_file: Callable, *, content: bytes) -> None:
    """Check that `download_file` leaves a file alone that is there already, and does not even open the address."""
    with checking("download_file", "a file that is there stays as it is") as check:
        with check.probe("first a photo that is not there yet"):
            got = _download(check, download_file, {SOURCE: content[::-1]}).files.get(TARGET)
            check.expect(got is not None, "file_not_written", got="no file", expected=TARGET)
        if check.failures:
            return
        with check.probe("the photo is there, and the address has another one"):
            got = _download(check, download_file, {SOURCE: content[::-1], TARGET: content}).files.get(TARGET)
            check.expect(got == content, "existing_file_replaced", got="other bytes", expected="the bytes from before")
        with check.probe("the photo is there, and the address does not answer"):
            came = check.ask_with_files(download_file, *ADDRESS_AND_PATH, files={TARGET: content})
            if came.error:
                check.stop_for_error("existing_file_downloaded_again", came.error)


def check_download_file_breaks(download_file: Callable, *, content: bytes) -> None:
    """Check that a connection that breaks half-way leaves no file, and that the next call then works."""
    with checking("download_file", "a broken download leaves nothing") as check:
        left: dict[str, bytes] = {}
        with check.probe("a connection that breaks half-way"):
            came, left = _download_broken(check, download_file, content)
            _expect_clean_failure(check, came)
        usual_cause = "partial_file_left" if TARGET in left else "file_content_differs"
        with check.probe("the same photo once more, now the connection holds"):
            got = _download(check, download_file, {SOURCE: content, **left}).files.get(TARGET)
            if got is None:
                check.stop("file_not_written", got="no file", expected=TARGET)
            check.expect(got == content, usual_cause, got="not the whole photo", expected="the whole photo")


def _download(check: Check, download_file: Callable, files: dict[str, bytes]) -> FolderCall:
    """Call the answer with an address of this computer; an exception ends the probe."""
    came = check.ask_with_files(download_file, *ADDRESS_AND_PATH, files=NO_FILES | files)
    if came.error:
        check.stop_for_error("raised_error", came.error)
    return came


def _download_broken(check: Check, download_file: Callable, content: bytes) -> tuple[FolderCall, dict[str, bytes]]:
    value, error = check.ask(call_with_broken_address, download_file, content=content)
    if error:
        check.stop_for_error("raised_error", error)
    came = read_folder_call(value)
    check.stop_at_stub(came.error)
    return came, came.files


def _expect_clean_failure(check: Check, came: FolderCall) -> None:
    """Expect an exception, no file at the path, and nothing else in its folder."""
    if came.error is None:
        check.fail("download_error_swallowed", got="no error", expected="the error of the failed download")
    if TARGET in came.files:
        size = len(came.files[TARGET])
        cause = "partial_file_left" if size else "empty_file_left"
        check.fail(cause, got=f"a file of {size} bytes", expected="no file")
    elif left := sorted(name.removeprefix(FOLDER) for name in came.files if name.startswith(FOLDER)):
        check.fail("temporary_file_left", got=", ".join(left), expected="an empty folder")


def call_with_broken_address(answer: Callable, *, content: bytes) -> object:
    """Observer: call the answer with an address from which half of `content` comes."""
    with _breaking_address(content) as url:
        return call_in_folder(answer, args=(url, ADDRESS_AND_PATH[1]), kwargs={}, files=NO_FILES)


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
