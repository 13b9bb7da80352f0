"""What an attack is after, planted for it: a gradebook, solutions, somebody else's work, a home folder, secrets in all.

Everything lies in one temporary folder, and every secret is new and unique, so that finding one tells where it leaked.
"""

import hashlib
import os
import secrets
import shutil
import sqlite3
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

from helpers.grading.course.class_seed import keep_seed
from helpers.grading.notebooks.paths import ASSIGNMENT, ROOT

PLACES = ("gradebook", "solutions", "neighbour", "home", "environment", "hidden", "class_seed")
VARIABLE = "GRADER_PASSWORD"
COMMON_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/user", "/var/crash", "/var/lock")


def make_token(kind: str) -> str:
    """Return a word that stands nowhere else."""
    return f"{kind}{secrets.token_hex(8)}"


@dataclass(frozen=True)
class Surroundings:
    """The grader's files around an attack. `mark` names what attacks leave, `worked` they print if they succeed."""

    folder: Path
    tokens: dict[str, str] = field(default_factory=lambda: {place: make_token(place) for place in PLACES})
    mark: str = field(default_factory=lambda: make_token("mark"))
    worked: str = field(default_factory=lambda: make_token("worked"))

    @property
    def course(self) -> Path:
        """The course's folder."""
        return self.folder / "course"

    @property
    def home(self) -> Path:
        """The grader's home folder."""
        return self.folder / "home"

    @property
    def solution(self) -> Path:
        """The instructor's notebook."""
        return self.course / "solutions" / ASSIGNMENT / "01_setup.ipynb"

    def hand_in(self, student: str) -> Path:
        """Return the folder of a student's submission, which is made."""
        folder = self.course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def remove_submissions(self) -> None:
        """Remove what was handed in, but for the neighbour's."""
        for folder in (self.course / "submitted").iterdir():
            if folder.name != "neighbour":
                shutil.rmtree(folder)

    def plant(self) -> None:
        """Write the secrets, and put one into this process's environment."""
        self.course.mkdir(parents=True)
        with sqlite3.connect(self.course / "gradebook.db") as gradebook:
            gradebook.execute("create table grade (student text, points real, comment text)")
            gradebook.execute("insert into grade values ('neighbour', 6, ?)", [self.tokens["gradebook"]])
        gradebook.close()
        self._write("course/solutions/exercise_01/answers.py", "solutions")
        self._write("course/submitted/neighbour/exercise_01/notes.txt", "neighbour")
        self._write("home/.netrc", "home")
        self._write("home/.ssh/id_ed25519", "home")
        keep_seed(self.course, self.tokens["class_seed"])
        (self.home / ".ipython/profile_default/startup").mkdir(parents=True)
        for path in (self.folder, *self.folder.rglob("*")):  # what keeps attacks out must be the sandbox alone
            path.chmod(0o777 if path.is_dir() else 0o666)
        os.environ |= {VARIABLE: self.tokens["environment"], "HOME": str(self.home)}

    def _write(self, name: str, place: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{self.tokens[place]}\n", encoding="utf-8")

    def find_leaks(self, text: str) -> list[str]:
        """Return the places whose secret stands in `text`."""
        return [place for place, token in self.tokens.items() if token in text]


def fingerprint(*folders: Path, leave_out: tuple[Path, ...] = ()) -> dict[str, tuple]:
    """Return path -> owner, mode, attributes, time and content, of everything in these folders."""
    found = {}
    for folder in folders:
        for path in (folder, *sorted(folder.rglob("*"))):
            if any(path.is_relative_to(other) for other in leave_out):
                continue
            data = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
            times = (data.st_ctime_ns, content) if content else ()
            found[str(path)] = (data.st_mode, data.st_uid, data.st_gid, *times, *_list_attributes(path))
    return found


def _list_attributes(path: Path) -> list[str]:
    return os.listxattr(path, follow_symlinks=False) if hasattr(os, "listxattr") else []


def list_environment() -> dict[str, int]:
    """Return what lies where Python looks for start-up files and modules, with times of change."""
    packages = Path(sysconfig.get_path("purelib"))
    paths = [*packages.iterdir(), *(ROOT / "helpers").rglob("*.py")]
    return {str(path): path.stat().st_mtime_ns if path.suffix in (".py", ".pth") else 0 for path in paths}


def find_left_files(mark: str, *folders: Path) -> list[str]:
    """Return files named after `mark` in `folders`, and at the top of the machine's common ones."""
    found = [path for folder in folders for path in folder.rglob(f"*{mark}*")]
    for folder in filter(Path.is_dir, (Path(name) for name in (*COMMON_FOLDERS, ROOT))):
        found += folder.glob(f"*{mark}*")
    return sorted(map(str, found))
