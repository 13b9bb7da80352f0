"""What late work costs: nbgrader's plug-in with this course's policy, c.LatePolicy in nbgrader_config.py."""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, List, TraitError, Unicode, validate

_DAY_S = 24 * 60 * 60


class LatePolicy(LateSubmissionPlugin):
    """So many percent of the points earned are taken off for each day begun, up to a limit.

    `penalty_method`, which nbgrader's own plug-in has, is not used.
    """

    grace_minutes = Float(15, min=0, help="Minutes after the due date that do not count.").tag(config=True)
    percent_per_started_day = Float(0, min=0, help="Percent of the points earned, a day begun.").tag(config=True)
    most_percent = Float(100, help="Never more than this, in percent of the points earned.").tag(config=True)
    time_zone = Unicode("", help="Zone of due dates that name none, such as Europe/Berlin.").tag(config=True)
    waived = List(Unicode(), help="Ids of students whose lateness costs nothing.").tag(config=True)

    @validate("most_percent")
    def _check_most_percent(self, proposal) -> float:
        if not 0 <= proposal["value"] <= 100:
            raise TraitError(f"LatePolicy.most_percent runs from 0 to 100, and is {proposal['value']:g}.")
        return proposal["value"]

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points to take off one notebook with `score` points; None if nothing is."""
        if student_id in self.waived:
            return None
        return compute_penalty(score, seconds_late=total_seconds_late, policy=self) or None


def compute_penalty(score: float, *, seconds_late: float, policy: LatePolicy) -> float:
    """Return the points to take off `score` points earned: 0 up to the end of the grace, then a part for each day.

    Days are counted from the end of the grace, and a day begun counts as a whole one.
    """
    late_s = seconds_late - policy.grace_minutes * 60
    if late_s <= 0 or score <= 0:
        return 0.0
    days = math.ceil(late_s / _DAY_S)
    return score * min(days * policy.percent_per_started_day, policy.most_percent) / 100
