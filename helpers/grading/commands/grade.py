"""Grade a class: take in, grade in a sandbox, write the gradebook, feedback, exports and the class report.

python -m helpers.grading.commands.grade SUBMISSIONS --roster roster.csv
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.grading.commands.intake_options import add_intake_options, make_lists
from helpers.grading.course.class_seed import SeedError
from helpers.grading.course.handed_out import VersionError
from helpers.grading.course.settings import APART, COUNTS
from helpers.grading.errors import GradingError, concerns_everybody, explain_to_all
from helpers.grading.files.items import IntakeError
from helpers.grading.intake.due_dates import DueDateError
from helpers.grading.sandbox.settings import BACKENDS, SandboxError
from helpers.grading.whole_class.choose_assignment import choose_assignment
from helpers.grading.whole_class.grade_class import grade_class
from helpers.grading.whole_class.options import Options
from helpers.grading.whole_class.summary import print_summary

REFUSALS = (IntakeError, SandboxError, GradingError, VersionError, SeedError, DueDateError)


def read_options(arguments: Sequence[str] | None) -> Options:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="grade", description="Grade a class in a sandbox.")
    add = parser.add_argument
    add("submissions", nargs="?", type=Path, help="a folder or an archive; without it, those taken in last")
    add_intake_options(parser)
    add("--extra", choices=(COUNTS, APART), default="", help="whether optional points count in uploads; it is kept")
    add("--again", default="", metavar="EXERCISE", help="grade this exercise, or `all`, again for everybody")
    add("--workers", type=int, help="submissions at a time (default: one a core)")
    add("--backend", choices=BACKENDS, help="sandbox to use (default: the first that works)")
    add("--no-sandbox", action="store_true", help="run submitted code unconfined, as you; never with strangers' code")
    add("--every-cell", action="store_true", help="run given cells too, on which no point depends; ten times as slow")
    add("--no-feedback", action="store_true", help="leave the feedback pages for `make feedback`")
    options = parser.parse_args(arguments)
    try:
        assignment = choose_assignment(options.assignment, options.again, options.submissions, source=options.source)
    except GradingError as error:
        parser.error(str(error))
    if options.workers is not None and options.workers < 1:
        parser.error("--workers takes a number from 1 on.")
    backend = "none" if options.no_sandbox else options.backend
    return Options(
        submissions=options.submissions,
        course=options.course.resolve(),
        due=options.due,
        extra=options.extra,
        again=options.again,
        assignment=assignment,
        workers=options.workers,
        backend=backend,
        feedback=not options.no_feedback,
        source=options.source.resolve(),
        every_cell=options.every_cell,
        lists=make_lists(options),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade; return 0 when everything handed in was graded, 1 when something was not, 2 when nothing could start."""
    options = read_options(arguments)
    try:
        graded = grade_class(options)
        from helpers.grading.commands.feedback import (  # not above: each worker would import the plots
            hand_back,
            list_waiting,
        )

        hand_back(
            options.place,
            graded.intake,
            students=list_waiting(options.place) if options.feedback else (),
        )
    except REFUSALS as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except Exception as error:
        if not concerns_everybody(error):
            raise
        print(explain_to_all(error), file=sys.stderr)
        return 2
    return print_summary(options.place, graded.intake, graded.records)


if __name__ == "__main__":
    sys.exit(main())
