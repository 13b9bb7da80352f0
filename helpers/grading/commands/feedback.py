"""After grading, or after grading by hand: feedback pages and zips, late penalties, exports, the class report.

python -m helpers.grading.commands.feedback --course .
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from helpers.grading.course.earlier_layout import move_earlier
from helpers.grading.errors import GradingError, concerns_everybody, explain_to_all
from helpers.grading.exports.write import write_exports
from helpers.grading.feedback.write import Feedback, write_feedback
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.penalties import assign_penalties
from helpers.grading.intake.due_dates import DueDateError
from helpers.grading.intake.kept import Intake, read_last_intake
from helpers.grading.intake.remarks import explain_gone
from helpers.grading.notebooks.assignment import CourseAssignment, list_taken_in
from helpers.grading.notebooks.paths import ROOT
from helpers.grading.records import MISSING, read_records
from helpers.grading.report.write import write_report
from helpers.grading.whole_class.workers import end_with_command

AT_ONCE = 8  # students a process takes at a time


def hand_back(assignment: CourseAssignment, intake: Intake, *, students: Iterable[str]) -> None:
    """Write the feedback of `students`, then exports and report of the whole class: of who has left it, no more."""
    roster = list(intake.students)
    records = read_records(assignment.records, assignment=assignment.name)
    records = {student.id: records[student.id] for student in roster if student.id in records}
    graded = [student for student in students if student in records and records[student].status != MISSING]
    for feedback in write_all_feedback(assignment, graded):
        if feedback.problem:
            print(f"  {feedback.student}: {feedback.problem}", flush=True)
    write_exports(assignment, roster, records)
    write_report(assignment, roster, records, notes=(*explain_gone(intake), *intake.remarks, *intake.unknown))


def list_waiting(assignment: CourseAssignment) -> list[str]:
    """Return the students whose feedback is missing or older than their record, from a killed run for example."""
    paths = sorted(assignment.records.glob("*.json"))
    return [path.stem for path in paths if not _is_newer(assignment.find_feedback(path.stem)[1], path)]


def _is_newer(path: Path, than: Path) -> bool:
    return path.exists() and path.stat().st_mtime_ns >= than.stat().st_mtime_ns


def write_all_feedback(assignment: CourseAssignment, students: Sequence[str]) -> list[Feedback]:
    """Write the feedback of many students, in several processes."""
    parts = [students[start : start + AT_ONCE] for start in range(0, len(students), AT_ONCE)]
    if len(parts) <= 1:
        return write_feedback(assignment, students)
    processes, context = min(len(parts), os.cpu_count() or 1), get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=end_with_command) as pool:
        results = pool.map(partial(write_feedback, assignment), parts)
        return [feedback for part in tqdm(results, "Feedback", total=len(parts), file=sys.stdout) for feedback in part]


def write_again(assignment: CourseAssignment, *, feedback: bool) -> None:
    """Write everything of an assignment again, with the grades that the gradebook holds now, and say where it is."""
    intake = read_last_intake(assignment)
    with open_gradebook(assignment.course) as gradebook:
        assign_penalties(gradebook, assignment, zone=intake.zone)
    hand_back(assignment, intake, students=[student.id for student in intake.students] if feedback else ())
    pages = "feedback/, " if feedback else ""
    where = f"grading/{assignment.name}/exports/, grading/{assignment.name}/report.html"
    print(f"Written below {assignment.course}: {pages}{where}")


def main() -> int:
    """Write everything again, of the assignment that is named, or of all that the course holds."""
    parser = argparse.ArgumentParser(prog="hand_back")
    parser.add_argument("--course", type=Path, default=ROOT, help="folder of the gradebook")
    parser.add_argument("--assignment", help="one alone, such as exercise_01 (default: all of the course)")
    parser.add_argument("--no-feedback", action="store_true", help="only exports and report")
    options = parser.parse_args()
    course = options.course.resolve()
    try:
        move_earlier(course)
        chosen = [CourseAssignment(course, options.assignment)] if options.assignment else list_taken_in(course)
        for assignment in chosen or [CourseAssignment(course)]:
            write_again(assignment, feedback=not options.no_feedback)
    except (IntakeError, GradingError, DueDateError) as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:
        if not concerns_everybody(error):
            raise
        print(explain_to_all(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
