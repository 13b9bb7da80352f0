"""Say in a few lines what has become of the submissions."""

from collections import Counter
from collections.abc import Mapping

from helpers.grading.course.graded_submission import describe_record
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.points import Points, read_class_points
from helpers.grading.gradebook.points_text import describe_points
from helpers.grading.intake.kept import Intake
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import GRADED, MISSING, STATUSES, SubmissionRecord, is_graded


def print_summary(assignment: CourseAssignment, intake: Intake, records: Mapping[str, SubmissionRecord]) -> int:
    """Print how many submissions ended how, and where everything is; return 1 if something was not graded."""
    with open_gradebook(assignment.course) as gradebook:
        found = read_class_points(gradebook, assignment.name).sum_up()
    points = {student: found[student] for student in records if student in found}
    counts = Counter(record.status for record in records.values())
    print("\nSummary: " + ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status]))
    for record in records.values():
        late = record.student in points and points[record.student].late_percent
        if record.status != MISSING and (record.reasons or record.status != GRADED or late):
            print(f"  {record.student}: {describe_record(record, _describe_earned(points.get(record.student)))}")
    if counts[MISSING]:
        missing = [record.student for record in records.values() if record.status == MISSING]
        print(f"  Nothing handed in: {', '.join(missing)}")
    for problem in intake.unknown:
        print(f"  {problem}")
    waiting = sum(points.values(), Points())
    print(f"Answers that wait for a person: {waiting.answers} (make formgrader)")
    print(f"Gradebook and feedback are in {assignment.course}, report.html and exports in {assignment.kept}")
    return int(any(not is_graded(record) for record in records.values() if record.status != MISSING))


def _describe_earned(points: Points | None) -> str:
    return describe_points(points) if points else ""
