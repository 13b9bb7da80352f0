"""Put together what a class has handed in: what came this time, and what came before and still counts."""

from helpers.grading.intake.earlier import keep_earlier
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.remarks import list_remarks
from helpers.grading.intake.students.sorting import Sorter
from helpers.grading.records import Student, Submission


def put_together(
    sorter: Sorter,
    roster: list[Student] | None,
    earlier: Intake | None,
    taken: dict[str, Submission],
    zone: str,
    assignment: str,
) -> Intake:
    """Return this intake, with what was handed in before by those of whom nothing came this time."""
    before = earlier.handed_in if earlier else {}
    students = dict(sorter.students)
    if roster is None and earlier:
        students |= {student.id: student for student in earlier.students if student.id not in students}
    nothing = {one: Submission(one, assignment=assignment) for one in students}
    submissions = [_choose_submission(taken.get(one), before.get(one)) or nothing[one] for one in students]
    away = [one for one in before.values() if one.student not in students and (one.folder or one.problems)]
    return Intake(
        tuple(students.values()),
        tuple(submissions),
        tuple(sorter.unknown),
        roster is not None,
        tuple(list_remarks(before, students, taken)),
        zone,
        tuple(away),
        len({entry.name for sources in sorter.sources.values() for _, entry in sources}),
    )


def _choose_submission(taken: Submission | None, before: Submission | None) -> Submission | None:
    """Return what counts of a student: what came this time, unless only what came before can be graded."""
    if taken and not taken.folder and taken.problems and before and before.folder:
        return keep_earlier(before, taken.problems)
    is_nothing = taken is None or not (taken.folder or taken.problems)
    return before if before and is_nothing else taken
