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

from helpers.grading.errors import GradingError, concerns_everybody, explain_to_all
from helpers.grading.exports.write import write_exports
from helpers.grading.feedback.write import Feedback, write_feedback
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.penalties import assign_penalties
from helpers.grading.intake.due_dates import DueDateError
from helpers.grading.intake.kept import Intake, read_last_intake
from helpers.grading.intake.remarks import explain_gone
from helpers.grading.notebooks.paths import ROOT
from helpers.grading.records import MISSING, read_records
from helpers.grading.report.write import write_report
from helpers.grading.whole_class.workers import end_with_command

AT_ONCE = 8  # students a process takes at a time


def hand_back(course: Path, intake: Intake, *, students: Iterable[str]) -> None:
    """Write the feedback of `students`, then exports and report of the whole class: of who has left it, no more."""
    roster = list(intake.students)
    records = read_records(course / "grading" / "records")
    records = {student.id: records[student.id] for student in roster if student.id in records}
    graded = [student for student in students if student in records and records[student].status != MISSING]
    for feedback in write_all_feedback(course, graded):
        if feedback.problem:
            print(f"  {feedback.student}: {feedback.problem}", flush=True)
    write_exports(course, roster, records)
    write_report(course, roster, records, notes=(*explain_gone(intake), *intake.remarks, *intake.unknown))


def list_waiting(course: Path) -> list[str]:
    """Return the students whose feedback is missing or older than their record, from a killed run for example."""
    paths = sorted((course / "grading" / "records").glob("*.json"))
    return [path.stem for path in paths if not _is_newer(course / "feedback" / f"{path.stem}.zip", path)]


def _is_newer(path: Path, than: Path) -> bool:
    return path.exists() and path.stat().st_mtime_ns >= than.stat().st_mtime_ns


def write_all_feedback(course: Path, students: Sequence[str]) -> list[Feedback]:
    """Write the feedback of many students, in several processes."""
    parts = [students[start : start + AT_ONCE] for start in range(0, len(students), AT_ONCE)]
    if len(parts) <= 1:
        return write_feedback(course, students)
    processes, context = min(len(parts), os.cpu_count() or 1), get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=end_with_command) as pool:
        results = pool.map(partial(write_feedback, course), parts)
        return [feedback for part in tqdm(results, "Feedback", total=len(parts), file=sys.stdout) for feedback in part]


def main() -> int:
    """Write everything again, with the grades that the gradebook holds now."""
    parser = argparse.ArgumentParser(prog="hand_back")
    parser.add_argument("--course", type=Path, default=ROOT, help="folder of the gradebook")
    parser.add_argument("--no-feedback", action="store_true", help="only exports and report")
    options = parser.parse_args()
    course = options.course.resolve()
    try:
        intake = read_last_intake(course)
        with open_gradebook(course) as gradebook:
            assign_penalties(gradebook, course=course, zone=intake.zone)
        names = () if options.no_feedback else [student.id for student in intake.students]
        hand_back(course, intake, students=names)
    except (IntakeError, GradingError, DueDateError) as error:
        print(error, file=sys.stderr)
        return 2
    except Exception as error:
        if not concerns_everybody(error):
            raise
        print(explain_to_all(error), file=sys.stderr)
        return 2
    print(
        f"Written below {course}: {'' if options.no_feedback else 'feedback/, '}grading/exports/, grading/report.html"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
