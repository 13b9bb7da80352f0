"""Write the class report: one page that needs nothing beside it, report.html."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from helpers.grading.course.settings import read_extra
from helpers.grading.files.whole_files import write_whole
from helpers.grading.gradebook.lateness import list_clocks
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.points import ClassPoints, read_class_points
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import GRADED, IN_PART, MISSING, TAMPERED, UNREADABLE, Student, SubmissionRecord
from helpers.grading.report.check_results import count_checks
from helpers.grading.report.class_list import NOT_YET, add_links, count_statuses, list_students, list_waiting
from helpers.grading.report.exercise_results import count_exercises, count_failures
from helpers.grading.report.figures import draw_exercises, draw_points, draw_times
from helpers.grading.report.spread import measure_spread
from helpers.grading.report.template import load_template
from helpers.grading.report.times import sum_times

REMARKED = "graded, with something to know"
NOT_IN_FULL = (UNREADABLE, TAMPERED, IN_PART)
_COMMONEST, _COMMONEST_OF_ONE = 12, 5  # causes listed
_WEAKEST, _WEAK = 5, 0.2  # checks named of those whose discrimination is lower


def write_report(
    assignment: CourseAssignment,
    students: Iterable[Student],
    records: Mapping[str, SubmissionRecord],
    *,
    notes: Sequence[str] = (),
    wall_s: float | None = None,
) -> Path:
    """Write COURSE/grading/ASSIGNMENT/report.html and return its path.

    Points come from the course's gradebook, with manual grades and late penalties. `notes` are sentences on what was
    handed in; `wall_s` is how long the run that has just ended took, in seconds.
    """
    points, clocks = _read_gradebook(assignment, records)
    page = load_template().render(
        **_sum_up_class(assignment, students, records, points),
        **_sum_up_exercises(records),
        **_sum_up_times(records, wall_s),
        title=assignment.title,
        notes=[*clocks, *notes],
        questions=list_waiting(points),
        written=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
    )
    return write_whole(assignment.kept / "report.html", page)


def _read_gradebook(
    assignment: CourseAssignment, records: Mapping[str, SubmissionRecord]
) -> tuple[ClassPoints, list[str]]:
    """Return the points of those who have a record, and what is to be said of when work came."""
    if not (assignment.course / "gradebook.db").exists():
        return ClassPoints(), []
    with open_gradebook(assignment.course) as gradebook:
        points = read_class_points(gradebook, assignment.name, extra=read_extra(assignment.course))
        known = {student: grades for student, grades in points.students.items() if student in records}
        return replace(points, students=known), list_clocks(gradebook, assignment.name, records)


def _sum_up_class(assignment: CourseAssignment, students, records, points: ClassPoints) -> dict:
    results = add_links(list_students(students, records, points.sum_up()), assignment)
    graded = [result for result in results if result.points]
    found = [result.points for result in results if result.points]
    core = [one.count(extra=False) for one in found]
    noted = {status: [result for result in results if result.status == status] for status in NOT_IN_FULL}
    noted[REMARKED] = [result for result in results if result.status == GRADED and result.reasons]
    return {
        "results": results,
        "statuses": count_statuses(results),
        "noted": {status: group for status, group in noted.items() if group},
        "missing": [result for result in results if result.status in (MISSING, NOT_YET)],
        "graded": graded,
        "most": points.core_most,
        "extra": points.extra,
        "spread": measure_spread(core),
        "points_figure": draw_points(core, points.core_most) if core else "",
        "late": sum(one.late_percent > 0 for one in found),
    }


def _sum_up_exercises(records) -> dict:
    exercises, failures = count_exercises(records.values()), count_failures(records.values())
    checks = count_checks(records.values())
    known = [(check.discrimination, check) for check in checks if check.discrimination is not None]
    weak = sorted((pair for pair in known if pair[0] < _WEAK), key=lambda pair: pair[0])
    order = [result.exercise.id for result in exercises]
    ordered = sorted(failures, key=lambda failure: order.index(failure.exercise))
    groups = {
        name: [*group][:_COMMONEST_OF_ONE] for name, group in groupby(ordered, key=lambda failure: failure.exercise)
    }
    return {
        "exercises": exercises,
        "exercises_figure": draw_exercises(exercises) if exercises else "",
        "commonest": failures[:_COMMONEST],
        "failures": groups,
        "checks": checks,
        "weak": [check for _, check in weak[:_WEAKEST]],
    }


def _sum_up_times(records, wall_s: float | None) -> dict:
    times = sum_times(records)
    return {"times": times, "times_figure": draw_times(times[1:]) if times else "", "wall_s": wall_s}
