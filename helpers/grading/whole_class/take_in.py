"""Take in what was handed in for a run of `make grade`, or what was the last time, and say what is not as it was."""

from dataclasses import replace

from helpers.grading.gradebook.penalties import read_due_date
from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import Intake, read_last_intake
from helpers.grading.intake.lists import refuse_unzoned
from helpers.grading.whole_class.options import Options


def take_in_class(options: Options) -> Intake:
    """Return what was handed in, newly or the last time, and say what is not as it was."""
    needs_times = bool(options.due) or read_due_date(options.place) is not None
    if options.submissions is None:
        intake = read_last_intake(options.place)
        refuse_unzoned(intake if needs_times else None)
    else:
        release = options.source / "notebooks" / options.assignment
        lists = replace(options.lists, needs_times=needs_times)
        intake = collect(options.submissions, options.place, lists, release=release, show_progress=True)
        handed_in = sum(submission.folder is not None for submission in intake.submissions)
        print(f"Taken in: {handed_in} of {len(intake.submissions)} students handed in something that can be graded.")
        if intake.has_roster and options.lists.roster is None:
            print("The roster is that of the last time.")
        for remark in intake.remarks:
            print(remark)
    return intake
