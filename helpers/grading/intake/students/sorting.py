"""Sort what was handed over by student."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from helpers.grading.files.archives import find_archive_suffix
from helpers.grading.files.names import fold, fold_id, show_name
from helpers.grading.intake.students.claimed import make_student
from helpers.grading.intake.students.file_map import MAPPED, FileMap, explain_owners
from helpers.grading.intake.students.finding import StudentFinder
from helpers.grading.intake.students.teams import Teams
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.claims import read_claim
from helpers.grading.lms.layouts import DownloadEntry
from helpers.grading.lms.strays import explain_stray
from helpers.grading.records import Student

BY_NAME = "bears no more than the name of {student}, whose work came as {other}, and was left out: see whose it is."


class Sorter:
    """Sorts entries by student: those of the roster, or, when it is None, those who handed something in.

    `sources` holds each student's entries by id, those of a team with each of its members; `unknown` a sentence for
    each entry that is nobody's. Both are complete when `settle` has been called. `matched` are those who handed in and
    are somebody on the roster or a team, `strangers` those who are not, with the names of their entries.
    """

    def __init__(self, roster: Iterable[Student] | None, teams: Teams | None = None, map: FileMap | None = None):
        self.students = {student.id: student for student in roster or ()}
        self.sources: dict[str, list[tuple[Claim, DownloadEntry]]] = {}
        self.unknown: list[str] = []
        self._has_roster = roster is not None
        self._finder = StudentFinder(self.students.values())
        self._claimed: dict[str, tuple[str, str]] = {}  # id without regard to case: who took it
        self._by_name: dict[str, list[tuple[Claim, DownloadEntry]]] = {}
        self._teams, self._map = teams or Teams({}), map or FileMap()
        self.matched: set[tuple[str, str]] = set()
        self.strangers: dict[tuple[str, str], list[str]] = {}

    def knows(self, name: str) -> bool:
        """Tell whether a folder of this name is that of a student on the roster."""
        return bool(self._map.find(name)) or self._finder.find(name, is_folder=True).student is not None

    def sort(self, entry: DownloadEntry) -> None:
        """Give one entry to its student, or to a team's, or note that it is nobody's. What the map says comes first."""
        if parts := self._map.divide(entry):
            for part, owners in parts:
                self._give(part, owners)
            return
        claim, student, is_by_name, refusal = self._finder.find(entry.name, is_folder=entry.is_folder)
        if members := self._teams.find(entry.name, claim):
            self.matched.add(_name_claimant(claim))
            for member in members:
                self.sources.setdefault(member, []).append((claim, entry))
            return
        self._count(claim, entry, is_known=student is not None)
        if refusal:
            self.unknown.append(f"{show_name(entry.name)}: {refusal}")
            return
        if student is None and not self._has_roster and _may_be_student(entry, claim):
            student = self._add_student(claim)
        if student is None:
            sentence = explain_stray(entry, has_roster=self._has_roster)
            self.unknown += [sentence] if sentence else []
        elif student.id:
            entries = self._by_name if is_by_name else self.sources
            entries.setdefault(student.id, []).append((claim, entry))

    def _give(self, entry: DownloadEntry, owners: Sequence[str]) -> None:
        """Give an entry to its only owner by the map, or note what is wrong with the map."""
        if wrong := explain_owners(owners):
            self.unknown.append(f"{show_name(entry.name)}: {wrong}")
            return
        claim = read_claim(entry.name, is_folder=entry.is_folder)
        claim = claim if claim.system else replace(claim, system=MAPPED)
        self.matched.add(_name_claimant(claim))
        self.sources.setdefault(owners[0], []).append((claim, entry))

    def _count(self, claim: Claim, entry: DownloadEntry, *, is_known: bool) -> None:
        if is_known:
            self.matched.add(_name_claimant(claim))
        elif explain_stray(entry, has_roster=True):
            self.strangers.setdefault(_name_claimant(claim), []).append(entry.name)

    def settle(self) -> None:
        """Give students what bears their name alone, unless other work is surely theirs, or two claim to be them."""
        self.unknown += self._map.explain_unused()
        for student_id, entries in self._by_name.items():
            sure = self.sources.get(student_id, [])
            claimants = {_name_claimant(claim): entry.name for claim, entry in entries}
            if not sure and len(claimants) == 1:
                self.sources[student_id] = entries
                continue
            for claim, entry in entries:
                others = (name for claimant, name in claimants.items() if claimant != _name_claimant(claim))
                other = show_name(sure[0][1].name if sure else next(others))
                self.unknown.append(f"{show_name(entry.name)}: {BY_NAME.format(student=student_id, other=other)}")

    def _add_student(self, claim: Claim) -> Student:
        """Return the student of a claim, new or known; one without id, and a sentence, if the name serves nobody."""
        student = make_student(claim)
        who = claim.system, claim.number or claim.name
        if not student.id or self._claimed.setdefault(fold_id(student.id), who) != who:
            reason = f"gives the same id as another name, {student.id}" if student.id else "cannot be a student's id"
            self.unknown.append(f"{show_name(claim.name)}: left out, because its name {reason}: rename it.")
            return Student("")
        return self.students.setdefault(student.id, student)


def _name_claimant(claim: Claim) -> tuple[str, str]:
    """Return who makes a claim: a system's number, and a name."""
    return claim.system, f"{claim.number} {fold(claim.name)}"


def _may_be_student(entry: DownloadEntry, claim: Claim) -> bool:
    """Tell whether an entry, when there is no roster, is that of a student."""
    if entry.is_folder or claim.system:
        return True
    return bool(find_archive_suffix(entry.name)) and not entry.list_items()[0].refused
