"""Say in a few lines what has become of the submissions."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from helpers.grading.course import open_gradebook
from helpers.grading.intake.kept import Intake
from helpers.grading.points import Points, read_class_points
from helpers.grading.points_text import describe_points
from helpers.grading.records import GRADED, MISSING, STATUSES, SubmissionRecord


def describe_record(record: SubmissionRecord, points: Points | None = None) -> str:
    """Return one line: the status, the points if they are given, and the first reason."""
    earned = f", {describe_points(points)}" if points and record.was_graded else ""
    more = f" (and {len(record.reasons) - 1} more)" if len(record.reasons) > 1 else ""
    return f"{record.status}{earned}" + (f": {record.reasons[0]}{more}" if record.reasons else "")


def is_graded(record: SubmissionRecord) -> bool:
    """Return whether points stand for all that was handed in; what asks for a person's eye does not count.

    A record without a fingerprint stands for files that could not be graded: the next run tries again.
    """
    return bool(record.notebooks and record.fingerprint) and not any(
        cell.points is None and cell.exercise for notebook in record.notebooks for cell in notebook.cells
    )


def print_summary(course: Path, intake: Intake, records: Mapping[str, SubmissionRecord]) -> int:
    """Print how many submissions ended how, and where everything is; return 1 if something was not graded."""
    with open_gradebook(course) as gradebook:
        found = read_class_points(gradebook).sum_up()
    points = {student: found[student] for student in records if student in found}
    counts = Counter(record.status for record in records.values())
    print("\nSummary: " + ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status]))
    for record in records.values():
        late = record.student in points and points[record.student].late_percent
        if record.status != MISSING and (record.reasons or record.status != GRADED or late):
            print(f"  {record.student}: {describe_record(record, points.get(record.student))}")
    if counts[MISSING]:
        missing = [record.student for record in records.values() if record.status == MISSING]
        print(f"  Nothing handed in: {', '.join(missing)}")
    for problem in intake.unknown:
        print(f"  {problem}")
    waiting = sum(points.values(), Points())
    print(f"Answers that wait for a person: {waiting.answers} (make formgrader)")
    print(f"Gradebook, feedback, grading/report.html and grading/exports are in {course}")
    return int(any(not is_graded(record) for record in records.values() if record.status != MISSING))
