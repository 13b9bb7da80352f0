"""Files are there whole or as they were; zips of the same files are the same bytes."""

import os
import zipfile

import pytest

from helpers.grading.files.whole_files import write_whole, writing_whole
from helpers.grading.files.zips import write_zip


def test_what_cannot_be_finished_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = write_whole(tmp_path / "a.txt", "old")
    with pytest.raises(OSError, match="disk"), writing_whole(path) as new:
        new.write_text("half")
        assert path.read_text() == "old"
        raise OSError("disk")
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.txt"]


def test_what_a_killed_writer_left_is_written_over(tmp_path):
    left = tmp_path / "folder" / ".a.txt.tmp"
    left.parent.mkdir()
    left.write_text("left")
    left.chmod(0o666)
    write_whole(tmp_path / "folder" / "a.txt", b"new", mode=0o600, durable=True)
    assert os.listdir(left.parent) == ["a.txt"]
    assert left.with_name("a.txt").stat().st_mode & 0o777 == 0o600


def test_text_is_written_as_it_stands(tmp_path):
    assert write_whole(tmp_path / "a", "ä\r\n\ud800").read_bytes() == "ä\r\n?".encode()


def test_a_link_in_the_way_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / ".a.tmp").symlink_to(tmp_path / "elsewhere")
    write_whole(tmp_path / "a", "new")
    assert (tmp_path / "elsewhere").read_text() == "kept"


def test_the_same_files_give_the_same_zip(tmp_path):
    files = {"b/2.txt": b"two", "a.txt": b"one"}
    one, other = write_zip(tmp_path / "1.zip", files), write_zip(tmp_path / "2.zip", dict(reversed(files.items())))
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.namelist() == ["a.txt", "b/2.txt"] and archive.read("b/2.txt") == b"two"
