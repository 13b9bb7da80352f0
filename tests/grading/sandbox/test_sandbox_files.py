"""Files go into a scratch folder without following links, and leave it whatever they have become."""

import os
import sys
from pathlib import Path

import pytest

from helpers.grading.sandbox.backends.files import copy_work, remove_tree
from helpers.grading.sandbox.settings import SandboxError, SandboxLimits, View

if sys.platform == "linux":
    from helpers.grading.sandbox.backends.root import list_folders
    from helpers.grading.sandbox.watch.scratch import ScratchWatch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
OWNER = (os.geteuid(), os.getegid()) if hasattr(os, "geteuid") else (0, 0)


@pytest.fixture
def folders(tmp_path) -> tuple[Path, Path]:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    return source, target


def copy(source: Path, target: Path, **limits) -> list[str]:
    copy_work(str(source), str(target), limits=SandboxLimits(**limits), owner=OWNER)
    return sorted(str(path.relative_to(target)) for path in target.rglob("*"))


def test_only_regular_files_are_copied(folders):
    source, target = folders
    (source / "inner").mkdir()
    (source / "inner" / "file.txt").write_text("text")
    (source / "link").symlink_to("/etc/passwd")
    (source / "folder-link").symlink_to("/etc")
    os.mkfifo(source / "pipe")
    assert copy(source, target) == ["inner", "inner/file.txt"]
    assert (target / "inner/file.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("limits", [{"scratch_mb": 1}, {"scratch_files": 3}])
def test_too_much_is_refused(folders, limits):
    source, target = folders
    for number in range(5):
        (source / f"file-{number}").write_bytes(bytes(400_000))
    with pytest.raises(SandboxError, match="more than the scratch folder may hold"):
        copy(source, target, **limits)


def test_deep_and_closed_folders_are_removed(tmp_path):
    top, here = tmp_path / "top", os.open(tmp_path, os.O_RDONLY)
    try:
        os.mkdir(top)
        os.chdir(top)
        for _ in range(2000):
            os.mkdir("d")
            os.chdir("d")
        Path("file").touch(mode=0)
    finally:
        os.fchdir(here)
        os.close(here)
    (top / "closed").mkdir()
    (top / "closed" / "file").touch()
    (top / "closed").chmod(0)
    (top / "link").symlink_to(tmp_path)
    remove_tree(str(top))
    assert list(tmp_path.iterdir()) == []


def test_watch_counts_files_and_depth(tmp_path):
    watch = ScratchWatch(SandboxLimits(scratch_mb=1, scratch_files=10), str(tmp_path), lambda: [os.getpid()])
    assert watch() is None
    with open(tmp_path / "large", "w+b") as large:
        large.write(bytes(2 << 20))
        large.flush()
        assert watch() == "scratch"
        os.unlink(large.name)
        assert watch() == "scratch"  # deleted, but still open
    assert watch() is None
    for number in range(11):
        (tmp_path / str(number)).touch()
    assert watch() == "scratch"


def test_a_folder_within_another_is_shown_once(tmp_path):
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    view = View((tmp_path / "link", tmp_path / "real" / "inner", tmp_path / "missing"), tmp_path)
    shown = {target: source for target, source in list_folders(view).items() if target.startswith(str(tmp_path))}
    assert shown == {str(tmp_path / "link"): str(tmp_path / "real"), str(tmp_path / "real"): str(tmp_path / "real")}
