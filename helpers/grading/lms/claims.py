"""Read off a file's or a folder's name whose work it is, as Canvas, Moodle and people name it."""

import re
from dataclasses import dataclass
from typing import Any

from helpers.grading.files.archives import find_archive_suffix

# What stands between a student's name and the student's own file name. Students choose both, and may put there what
# looks the same: so every place that fits is found (hence the lookahead), and the first is not simply believed.
MARKS = {
    # Jane Doe_1234_assignsubmission_file (or with a last "_") is a folder; with "_04_inference.ipynb" a file.
    "moodle": re.compile(r"(?=_(?P<number>[0-9]+)_assignsubmission_[a-z]+(_(?P<original>.*))?\Z)", re.S),
    # doejane_LATE_1234_567_04_inference-1.ipynb: sortable name, user, attachment, the student's own file name.
    "canvas": re.compile(
        r"(?=(?P<late>_LATE)?_(?P<number>[0-9]+|anon_[^\W_]+)_(?P<upload>[0-9]+)_(?P<original>.+)\Z)", re.S
    ),
    # doejane_1234_text.html: what was written into Canvas itself.
    "canvas text": re.compile(r"(?=(?P<late>_LATE)?_(?P<number>[0-9]+)_(?P<original>(text|link)\.html)\Z)"),
}
# LATE_anon_H7kQ2_567_04_inference.ipynb: marked anonymously in Canvas, with a sign of the submission for the student.
ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?anon_(?P<number>[^\W_]+)_((?P<upload>[0-9]+)_)?(?P<original>(?(upload).+|(text|link)\.html))",
    re.S,
)
ANONYMOUS_NAME = "anon"
# A second upload under the same name gets -1 before its ending, a third -2.
ATTEMPT = re.compile(r"(?P<stem>.+)-(?P<attempt>\d{1,3})(?P<suffix>(\.[A-Za-z][A-Za-z0-9]*)+)")


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


def list_claims(name: str, *, is_folder: bool) -> list[Claim]:
    """Return whose work `name` says it is by the system's numbers, in the order in which they stand there.

    Nothing for a name that people gave; more than one number if a name holds what looks like another's.
    """
    anonymous = None if is_folder else ANONYMOUS.fullmatch(name)
    if anonymous and not anonymous["number"].isdigit():  # else anon is what somebody is called
        return [_make_claim("canvas", ANONYMOUS_NAME, anonymous.groupdict())]
    found = []
    for system, mark in MARKS.items():
        if system == "moodle" or not is_folder:
            matches = (match for match in mark.finditer(name) if match.start() > 0)
            found += [
                (match.start(), _make_claim(system, name[: match.start()], match.groupdict())) for match in matches
            ]
    claims: dict[tuple[str, str], Claim] = {}
    for _, claim in sorted(found, key=lambda one: one[0]):
        claims.setdefault((claim.system, claim.number), claim)
    return list(claims.values())


def _make_claim(system: str, name: str, fields: dict[str, Any]) -> Claim:
    number, original = fields["number"], fields["original"] or ""
    if system == "moodle":
        return Claim(name, system, number, original=original)
    original, attempt = _split_attempt(original)
    return Claim(name, "canvas", number, bool(fields["late"]), int(fields.get("upload") or 0), attempt, original)


def read_claim(name: str, *, is_folder: bool) -> Claim:
    """Return whose work the file or folder `name` says it is first."""
    claims = list_claims(name, is_folder=is_folder)
    return claims[0] if claims else read_plain_claim(name, is_folder=is_folder)


def read_plain_claim(name: str, *, is_folder: bool) -> Claim:
    """Return the claim of a folder, or of an archive, that is named after the student."""
    suffix = "" if is_folder else find_archive_suffix(name)
    return Claim(name[: len(name) - len(suffix)], original="" if is_folder else name)


def _split_attempt(original: str) -> tuple[str, int]:
    match = ATTEMPT.fullmatch(original)
    return (match["stem"] + match["suffix"], int(match["attempt"])) if match else (original, 0)
