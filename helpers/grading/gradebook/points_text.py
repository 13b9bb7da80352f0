"""Write points for readers, the same everywhere: "43 of 50 points + 21 optional, -10 % late"."""

from helpers.grading.gradebook.points import Points


def format_points(points: float | None) -> str:
    """Return points with a decimal point and no more than two decimals; "" for None."""
    if points is None:
        return ""
    return f"{round(points, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def name_points(points: float) -> str:
    """Return "1 point", "17 points"."""
    text = format_points(points)
    return f"{text} point" if text == "1" else f"{text} points"


def format_extra(points: float) -> str:
    """Return points on top, "+ 3"; "" if there are none."""
    return f"+ {format_points(points)}" if round(points, 2) > 0 else ""


def format_late(points: Points) -> str:
    """Return what lateness takes off, "-10 % late"; "" if it takes nothing."""
    return f"-{points.late_percent:.3g} % late" if points.late_percent else ""


def format_waiting(points: Points) -> str:
    """Return "17 points wait for a person"; "" if none do."""
    verb = "waits" if points.waiting == 1 else "wait"
    return f"{name_points(points.waiting)} {verb} for a person" if points.waiting else ""


def format_earned(points: Points) -> str:
    """Return "43 of 50 points + 21 optional", without a late penalty."""
    extra = format_extra(points.extra)
    return f"{format_points(points.core)} of {name_points(points.core_most)}" + (f" {extra} optional" if extra else "")


def format_short(points: Points) -> str:
    """Return "43 of 50 + 21", for a table."""
    return f"{format_points(points.core)} of {format_points(points.core_most)} {format_extra(points.extra)}".rstrip()


def format_final(points: Points) -> str:
    """Return what is left after the late penalty, "38.7 + 18.9 optional"."""
    extra = format_extra(points.extra - points.late_extra)
    return format_points(points.count(extra=False)) + (f" {extra} optional" if extra else "")


def describe_points(points: Points) -> str:
    """Return all of it in one line."""
    late = format_late(points)
    late = f"{late}: {format_final(points)}" if late else ""
    return ", ".join(filter(None, (format_earned(points), format_waiting(points), late)))
