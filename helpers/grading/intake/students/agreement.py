"""Tell whether the name that a system wrote into a file's name is that of the student on the roster."""

import re

from helpers.grading.files.names import fold
from helpers.grading.intake.students.marks_of_students import fold_names
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.columns import name_row
from helpers.grading.lms.systems import find_by_name
from helpers.grading.records import Student

MAX_SIGNS_FOR_ONE = 6
"""What becomes of a letter such as ü at most, when an archive's names are read in the wrong encoding: #U00fc."""


def agrees(claim: Claim, student: Student) -> bool:
    """Tell whether the name in a claim is the student's, or what the roster of a blind marking says in its place."""
    system = find_by_name(claim.system)
    if system is None or system.roster.number_is_login or (system.download and system.download.names_nobody):
        return True
    wanted = fold_names(student) or {fold(system.roster.find_blind_name(name_row(student.row)))} - {""}
    given = {fold(name) for name in _list_names(claim)}
    return not wanted or any(_is_same(one, other) for one in wanted for other in given)


def _list_names(claim: Claim) -> list[str]:
    """Return the claim's name, and what it is without that of a group, which Moodle writes before it: Group A-Jane."""
    return [claim.name, *(claim.name[place + 1 :] for place, sign in enumerate(claim.name) if sign == "-")]


def _is_same(wanted: str, given: str) -> bool:
    """Compare two folded names; a letter beyond ASCII may have been lost or spoiled on the way."""
    if wanted == given or not any(map(str.isascii, wanted)):
        return wanted == given or not given
    spoiled = f".{{0,{MAX_SIGNS_FOR_ONE}}}"
    return bool(re.fullmatch("".join(sign if sign.isascii() else spoiled for sign in wanted), given))
