"""Say why a student lost or got the points of an exercise: what was asked, what came back, and the verdict.

python -m helpers.grading.commands.explain STUDENT EXERCISE --course COURSE

Nothing runs again: the checks judge once more what was kept. What they asked and expected is for instructors' eyes.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.checks.causes import CAUSES
from helpers.checks.class_seed import use_class_seed
from helpers.checks.describe import describe
from helpers.exercises import EXERCISE_BY_ID
from helpers.grading.answering.cell_result import CellResult
from helpers.grading.course.class_seed import SeedError, find_seed
from helpers.grading.course.earlier_layout import move_earlier
from helpers.grading.course.questions import find_file, read_questions
from helpers.grading.course.result_store import ResultStore
from helpers.grading.errors import GradingError
from helpers.grading.judge.again import list_checks
from helpers.grading.judge.checks import make_namespace
from helpers.grading.judge.replay import ReplayLine, judge_again
from helpers.grading.judge.scoring import judge_check
from helpers.grading.judge.template import Template, make_template
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.check_reports import read_reports
from helpers.grading.notebooks.paths import ROOT
from helpers.line.asking import Happened
from helpers.line.kinds import NotLive

MAX_QUESTIONS = 30  # of a check


def explain_exercise(assignment: CourseAssignment, student: str, exercise: str, template: Template) -> Iterator[str]:
    """Give the lines that explain every check of an exercise."""
    transcripts = read_questions(assignment, student, template.name)
    for name in list_checks(template, exercise):
        most = template.points[name]
        if name not in transcripts:
            yield f"{name}: nothing was asked. The answer is the empty stub, or its notebook did not get so far."
            continue
        line = ReplayLine(transcripts[name])
        try:
            result = judge_again(template.cells[name].source, make_namespace(template), line)
        except NotLive:
            yield f"{name}: the check asks something else by now, or depends on time; AGAIN={exercise} asks anew."
            continue
        points = judge_check(template.cells[name], result).points
        yield f"{name}: {points:g} of {most:g} points"
        yield from _explain_questions(line)
        yield from _explain_verdict(result)


def _explain_questions(line: ReplayLine) -> Iterator[str]:
    for name, observer, inputs, happened in line.asked[:MAX_QUESTIONS]:
        yield f"  asked {name} by {observer.__name__}: {_describe_inputs(inputs)}"
        yield f"    came: {_describe_happened(happened)}"
    if len(line.asked) > MAX_QUESTIONS:
        yield f"  ... and {len(line.asked) - MAX_QUESTIONS} more questions"


def _describe_inputs(inputs: Mapping[str, Any]) -> str:
    parts = [f"{name}={_describe_value(value)}" for name, value in inputs.items() if value not in ({}, ())]
    return ", ".join(parts) or "nothing"


def _describe_value(value: Any) -> str:
    if isinstance(value, tuple | list) and len(value) <= 6:
        return f"({', '.join(map(_describe_value, value))})"
    if isinstance(value, dict) and len(value) <= 6:
        return f"{{{', '.join(f'{key}: {_describe_value(item)}' for key, item in value.items())}}}"
    return " ".join(describe(value).split())


def _describe_happened(happened: Happened | None) -> str:
    if happened is None:
        return "nothing: the process ended, or its time was over"
    return str(happened.error) if happened.error else _describe_value(happened.value)


def _explain_verdict(result: CellResult) -> Iterator[str]:
    for output in result.outputs:
        if output.output_type == "error" and output.ename != "CheckFailed":
            yield f"  ended in {output.ename}: {output.evalue}"
    for report in read_reports(result.outputs):
        for failure in report["failures"]:
            yield f"  {failure['where']}: came {failure['got']}, expected {failure['expected']}"
            yield f"    {CAUSES[failure['cause']]} ({failure['cause']})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the explanation; 2 if there is no such exercise, or nothing was kept of this student."""
    parser = argparse.ArgumentParser(prog="explain", description="Say why points were lost.")
    parser.add_argument("student")
    parser.add_argument("exercise")
    parser.add_argument("--course", type=Path, default=ROOT)
    parser.add_argument("--source", type=Path, default=ROOT)
    options = parser.parse_args(arguments)
    if options.exercise not in EXERCISE_BY_ID:
        print(f"There is no exercise {options.exercise!r}. Choose from: {', '.join(EXERCISE_BY_ID)}.", file=sys.stderr)
        return 2
    exercise = EXERCISE_BY_ID[options.exercise]
    assignment = CourseAssignment(options.course, exercise.assignment)
    try:
        move_earlier(options.course)
        seed = find_seed(options.course, ResultStore(assignment).read(options.student))
    except (SeedError, GradingError) as error:
        print(error, file=sys.stderr)
        return 2
    if not find_file(assignment, options.student, exercise.notebook).parent.is_dir():
        why = f"Nothing was kept of {options.student!r} in {assignment.kept}: is it the id of the roster?"
        print(why, file=sys.stderr)
        return 2
    template = make_template(options.source / "solutions" / assignment.name / f"{exercise.notebook}.ipynb")
    with use_class_seed(seed):
        print(*explain_exercise(assignment, options.student, options.exercise, template), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
