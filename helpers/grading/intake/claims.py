"""Read off a file's or a folder's name whose work it is, as Canvas, Moodle and people name it."""

import re
from dataclasses import dataclass

from helpers.grading.intake.archives import find_archive_suffix

# Canvas: doejane_LATE_1234_567_04_inference-1.ipynb: sortable name, user, attachment, the student's own file name.
CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+|anon_\w+?)_(?P<upload>\d+)_(?P<original>.+)")
CANVAS_TEXT = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)(?P<upload>)_(?P<original>(text|link)\.html)")
# A second upload under the same name gets -1 before its ending, a third -2.
ATTEMPT = re.compile(r"(?P<stem>.+)-(?P<attempt>\d{1,3})(?P<suffix>(\.[A-Za-z][A-Za-z0-9]*)+)")
# Moodle: "Jane Doe_1234_assignsubmission_file" (or with a last "_") is a folder; with "_04_inference.ipynb" a file.
MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<plugin>[a-z]+)(_(?P<original>.*))?")


@dataclass(frozen=True)
class Claim:
    """Whose work something at the top of what was handed in says it is.

    `system` is "canvas", "moodle" or "" (a name that people gave); `number` is the system's number of the student;
    `upload` and `attempt` order a student's files on Canvas; `original` is the name the student gave the file.
    """

    name: str
    system: str = ""
    number: str = ""
    is_late: bool = False
    upload: int = 0
    attempt: int = 0
    original: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.system} {self.number})" if self.system else self.name


def read_claim(name: str, *, is_folder: bool) -> Claim:
    """Return whose work the file or folder `name` is."""
    if match := MOODLE.fullmatch(name):
        return Claim(match["name"], "moodle", match["number"], original="" if is_folder else match["original"] or "")
    match = None if is_folder else CANVAS_TEXT.fullmatch(name) or CANVAS.fullmatch(name)
    if match:
        original, attempt = _split_attempt(match["original"])
        upload, is_late = int(match["upload"] or 0), bool(match["late"])
        return Claim(match["name"], "canvas", match["number"], is_late, upload, attempt, original)
    return read_plain_claim(name, is_folder=is_folder)


def read_plain_claim(name: str, *, is_folder: bool) -> Claim:
    """Return the claim of a folder, or of an archive, that is named after the student."""
    suffix = "" if is_folder else find_archive_suffix(name)
    return Claim(name[: len(name) - len(suffix)], original="" if is_folder else name)


def _split_attempt(original: str) -> tuple[str, int]:
    match = ATTEMPT.fullmatch(original)
    return (match["stem"] + match["suffix"], int(match["attempt"])) if match else (original, 0)
