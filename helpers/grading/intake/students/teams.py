"""Who is in which team: a file that the instructor writes, since a system's folder of a team names none of them."""

from collections.abc import Callable
from pathlib import Path

from helpers.grading.files.items import IntakeError
from helpers.grading.files.names import fold
from helpers.grading.intake.students.pairs import read_pairs
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.claims import read_plain_claim
from helpers.grading.lms.systems import list_systems


class Teams:
    """The members' ids of each team."""

    def __init__(self, members: dict[str, list[str]]):
        self._members = {fold(team): ids for team, ids in members.items()}

    def find(self, name: str, claim: Claim) -> list[str]:
        """Return the members of the team that a file or a folder names, [] if it names none."""
        plain = read_plain_claim(name, is_folder=False).name
        of_systems = (system.download.find_team(name) for system in list_systems() if system.download)
        names = (*of_systems, claim.name, plain, name)
        return next((self._members[fold(one)] for one in names if fold(one) in self._members), [])


def read_teams(path: Path, find_student: Callable[[str], str]) -> Teams:
    """Return the teams of a CSV file with the columns team and student, a line for each student.

    `find_student` gives the id of whoever a cell names, "" if that is nobody. IntakeError with the line.
    """
    members: dict[str, list[str]] = {}
    for line, team, student in read_pairs(path, ("team", "student")):
        found = find_student(student)
        if not found or not fold(team):
            raise IntakeError(
                f"{path.name}, line {line}: '{student}' is nobody on the roster: write an id or a name of it."
            )
        members.setdefault(team, []).append(found)
    return Teams(members)
