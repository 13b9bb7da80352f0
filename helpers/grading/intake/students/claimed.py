"""What a claim alone says of a student, where no roster says it."""

from helpers.grading.files.names import make_id
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.columns import name_row
from helpers.grading.lms.person_names import read_names
from helpers.grading.lms.systems import find_by_name
from helpers.grading.records import Student


def find_login(claim: Claim) -> str:
    """Return the student's user name, if that is the sign in a claim of this system."""
    system = find_by_name(claim.system)
    return claim.number if system and system.roster.number_is_login else ""


def make_student(claim: Claim) -> Student:
    """Return the student of a claim when there is no roster, with the columns that an upload needs."""
    system = find_by_name(claim.system)
    if system is None or system.download is None:
        return Student(make_id(claim.name))
    row = system.download.make_row(claim)
    student_id = make_id(find_login(claim) or "_".join(filter(None, (claim.name, claim.number))))
    return Student(student_id, *read_names(name_row(row).cells), row=row)
