"""Judge a student's exercise again from what was asked before; no answer runs."""

from collections.abc import Mapping
from dataclasses import replace

import nbformat

from helpers.exercises import EXERCISE_BY_ID
from helpers.grading.course.graded_submission import GradedSubmission
from helpers.grading.course.questions import read_questions
from helpers.grading.judge.again import judge_notebook_again
from helpers.grading.judge.template import Template
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import read_record


def judge_submission_again(
    assignment: CourseAssignment, student: str, templates: Mapping[str, Template], exercise: str
) -> GradedSubmission | None:
    """Judge one exercise of a student from what was kept; None if the answers have to be run and asked again."""
    template = templates[EXERCISE_BY_ID[exercise].notebook]
    try:
        record = read_record(assignment.records / f"{student}.json", assignment=assignment.name)
        path = assignment.find_executed(student) / f"{template.name}.ipynb"
        executed = nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    before = next((book for book in record.notebooks if book.name == template.name), None)
    transcripts = read_questions(assignment, student, template.name)
    after = before and judge_notebook_again(before, executed, transcripts, template, exercise)
    if after is None:
        return None
    record = replace(record, notebooks=(after,))
    return GradedSubmission(record, {template.name: nbformat.writes(executed) + "\n"}, from_kept=True)
