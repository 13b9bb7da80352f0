"""Take in what was handed in for a run of `make grade`, or what was the last time, and say what is not as it was."""

from dataclasses import replace

from helpers.grading.gradebook.expected_lateness import read_due_dates
from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import Intake, find_kept_zone, read_intakes, read_last_intake
from helpers.grading.intake.lists import refuse_unzoned
from helpers.grading.whole_class.looked_through import sum_up
from helpers.grading.whole_class.options import Options


def take_in_class(options: Options) -> Intake:
    """Return what was handed in, newly or the last time, and say what is not as it was."""
    zone = options.lists.zone or find_kept_zone(read_intakes(options.place))
    dates = read_due_dates(options.place, options.due, zone=zone)
    needs_times = dates.due is not None
    if options.submissions is None:
        intake = read_last_intake(options.place)
        refuse_unzoned(intake if needs_times else None)
    else:
        release = options.source / "notebooks" / options.assignment
        lists = replace(options.lists, needs_times=needs_times)
        intake = collect(options.submissions, options.place, lists, release=release, show_progress=True)
        print(sum_up(intake, dates))
        handed_in = sum(submission.folder is not None for submission in intake.submissions)
        print(f"Taken in: {handed_in} of {len(intake.submissions)} students handed in something that can be graded.")
        if intake.has_roster and options.lists.roster is None:
            print("The roster is that of the last time.")
        for remark in intake.remarks:
            print(remark)
    return intake
