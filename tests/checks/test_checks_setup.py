"""Checks of notebook 01: wrong answers fail with their cause's name, right answers of any style pass."""

import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.checks.setup.describe_photo import check_describe_photo
from helpers.checks.setup.download_file import (
    check_download_file,
    check_download_file_breaks,
    check_download_file_skips,
)
from helpers.checks.setup.read_labels import check_read_labels

PHOTOS = [(31, 17, "RGBA"), (17, 31, "P"), (24, 8, "CMYK"), (12, 9, "L")]
LABELS = ["zebra", "tiger cat", "crème brûlée", "ant"]
CONTENT = bytes(range(256)) * 20


def not_answered(*args):
    raise NotImplementedError


def describe_through_array(path):
    height, width = np.asarray(Image.open(path)).shape[:2]
    return height, width, Image.open(path).mode


WRONG_DESCRIPTIONS = {
    "not_answered": not_answered,
    "size_swapped": describe_through_array,
    "mode_after_convert": lambda path: (*Image.open(path).size, Image.open(path).convert("RGB").mode),
    "wrong_type": lambda path: Image.open(path).size,
    "wrong_values": lambda path: (*Image.open(path).resize((5, 5)).size, Image.open(path).mode),
    "raised_error": lambda path: Image.open(path).shape,
}
RIGHT_DESCRIPTIONS = {
    "list": lambda path: [*Image.open(path).size, Image.open(path).mode],
    "numpy_integers": lambda path: (*np.array(Image.open(path).size), Image.open(path).mode),
    "tensors": lambda path: (*torch.tensor(Image.open(path).size), Image.open(path).mode),
}


@pytest.mark.parametrize("cause", WRONG_DESCRIPTIONS)
def test_wrong_description_is_named(run_check, cause):
    result = run_check(check_describe_photo, WRONG_DESCRIPTIONS[cause], photos=PHOTOS)
    assert not result.passed
    assert set(result.causes) == {cause}


@pytest.mark.parametrize("style", RIGHT_DESCRIPTIONS)
def test_right_description_passes(run_check, style):
    assert run_check(check_describe_photo, RIGHT_DESCRIPTIONS[style], photos=PHOTOS).passed


def read_lines(path):
    return Path(path).read_text(encoding="utf-8").splitlines()


WRONG_READERS = {
    "not_answered": not_answered,
    "newline_kept": lambda path: Path(path).open(encoding="utf-8").readlines(),
    "labels_split_at_spaces": lambda path: Path(path).read_text(encoding="utf-8").split(),
    "labels_sorted": lambda path: sorted(read_lines(path)),
    "labels_off_by_one": lambda path: read_lines(path)[1:],
    "labels_blank_line_kept": lambda path: Path(path).read_text(encoding="utf-8").split("\n"),
    "labels_garbled": lambda path: Path(path).read_text(encoding="latin-1").splitlines(),
    "labels_hard_coded": lambda path: [f"class {number}" for number in range(1000)],
    "wrong_type": lambda path: dict(enumerate(read_lines(path))),
}
RIGHT_READERS = {
    "strip": lambda path: [line.strip() for line in Path(path).open(encoding="utf-8")],
    "tuple": lambda path: tuple(line.rstrip("\n") for line in Path(path).open(encoding="utf-8")),
    "map": lambda path: list(map(str.rstrip, Path(path).open(encoding="utf-8"))),
    "bytes": lambda path: Path(path).read_bytes().decode().strip().split("\n"),
}


@pytest.mark.parametrize("cause", WRONG_READERS)
def test_wrong_reader_is_named(run_check, cause):
    assert run_check(check_read_labels, WRONG_READERS[cause], labels=LABELS).causes == [cause]


@pytest.mark.parametrize("style", RIGHT_READERS)
def test_right_reader_passes(run_check, style):
    assert run_check(check_read_labels, RIGHT_READERS[style], labels=LABELS).passed


def test_blank_lines_at_the_end_are_not_labels(run_check):
    result = run_check(check_read_labels, read_lines, labels=LABELS, blank_lines_at_end=2)
    assert result.causes == ["labels_blank_line_kept"]


def download_whole(url, path):
    if not os.path.exists(path):
        data = urllib.request.urlopen(url).read()
        with open(path, "wb") as file:
            file.write(data)


def download_in_pieces(url, path):
    path = Path(path)
    if path.is_file():
        return path
    part = path.with_suffix(".part")
    try:
        with urllib.request.urlopen(url) as response, part.open("wb") as file:
            shutil.copyfileobj(response, file, length=100)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path


def download_beside(url, path):
    if not Path(path).exists():
        with tempfile.TemporaryDirectory() as folder:
            urllib.request.urlretrieve(url, Path(folder) / "new")
            shutil.move(Path(folder) / "new", path)


def download_with_torch(url, path):
    if not Path(path).exists():
        torch.hub.download_url_to_file(url, str(path), progress=True)


def download_opening_first(url, path):
    if not Path(path).exists():
        with open(path, "wb") as file:
            file.write(urllib.request.urlopen(url).read())


def download_in_place(url, path):
    if not Path(path).exists():
        urllib.request.urlretrieve(url, path)


def download_always(url, path):
    data = urllib.request.urlopen(url).read()
    Path(path).write_bytes(data)


def download_silently(url, path):
    try:
        download_whole(url, path)
    except OSError as error:
        print("download failed:", error)


def download_leaving_part(url, path):
    path = Path(path)
    if not path.exists():
        with urllib.request.urlopen(url) as response, open(f"{path}.part", "wb") as file:
            shutil.copyfileobj(response, file, length=100)
        os.replace(f"{path}.part", path)


DOWNLOAD_CHECKS = [check_download_file, check_download_file_skips, check_download_file_breaks]
WRONG_DOWNLOADS = [
    (not_answered, ["not_answered"]),
    (download_opening_first, ["empty_file_left"]),
    (download_in_place, ["partial_file_left"]),
    (download_always, ["existing_file_replaced", "existing_file_downloaded_again"]),
    (download_silently, ["download_error_swallowed"]),
    (download_leaving_part, ["temporary_file_left"]),
    (lambda url, path: None, ["file_not_written", "download_error_swallowed"]),
    (lambda url, path: Path(path).write_text("photo"), ["file_content_differs", "existing_file_replaced"]),
]


@pytest.mark.parametrize(("download_file", "causes"), WRONG_DOWNLOADS)
def test_wrong_download_is_named(run_check, download_file, causes):
    results = [run_check(check, download_file, content=CONTENT) for check in DOWNLOAD_CHECKS]
    found = {cause for result in results for cause in result.causes}
    assert set(causes) <= found
    assert not all(result.passed for result in results)


@pytest.mark.parametrize("download_file", [download_whole, download_in_pieces, download_beside, download_with_torch])
def test_right_download_passes(run_check, download_file):
    for check in DOWNLOAD_CHECKS:
        assert run_check(check, download_file, content=CONTENT).passed


def test_students_stderr_reaches_stdout(run_check, capfd):
    def read_labels(path):
        sys.stderr.write("a progress bar\n")
        subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('from another process\\n')"], check=True)
        return read_lines(path)

    assert run_check(check_read_labels, read_labels, labels=LABELS).passed
    out, err = capfd.readouterr()
    assert "a progress bar" in out
    assert "from another process" in out
    assert err == ""
