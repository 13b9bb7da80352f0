"""Look through what was handed in, and say what `make grade` would take: nothing is graded, and nothing is written.

python -m helpers.grading.commands.look SUBMISSIONS --roster roster.csv
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from helpers.grading.commands.intake_options import add_intake_options, make_lists
from helpers.grading.errors import GradingError
from helpers.grading.files.items import IntakeError
from helpers.grading.gradebook.expected_lateness import read_due_dates
from helpers.grading.intake.collect import look
from helpers.grading.intake.due_dates import DueDateError
from helpers.grading.intake.kept import find_kept_zone, read_intakes
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.whole_class.choose_assignment import choose_assignment
from helpers.grading.whole_class.looked_through import describe


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 2 if nothing could be taken in."""
    parser = argparse.ArgumentParser(prog="look", description="Look through what was handed in; nothing is written.")
    parser.add_argument("submissions", type=Path, help="a folder or an archive")
    add_intake_options(parser)
    options = parser.parse_args(arguments)
    try:
        name = choose_assignment(options.assignment, "", options.submissions, source=options.source)
        assignment = CourseAssignment(options.course.resolve(), name)
        zone = options.zone or find_kept_zone(read_intakes(assignment))
        dates = read_due_dates(assignment, options.due, zone=zone)
        lists = replace(make_lists(options), needs_times=dates.due is not None)
        release = options.source / "notebooks" / name
        print(*describe(look(options.submissions, assignment, lists, release=release), dates), sep="\n")
    except (IntakeError, DueDateError, GradingError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
