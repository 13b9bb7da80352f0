"""When something was handed in, as far as files tell: those that students cannot date themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime

from nbgrader.utils import parse_utc

from helpers.grading.files.items import IntakeBudget, Item, Refused, read_all, say

MAX_TIMESTAMP_BYTES = 1_000

STAMP, FILES = "nbgrader's timestamp.txt", "the files' own times"
"""What tells when work was handed in, beside a system's clock. File times are new in a folder that was copied."""

MARK = "{title}'s mark, which gives no time"
"""What told that work is late, where a system says that, and not when it came."""

UNZONED = ", in a time zone that is not known"
"""What is added to the name of a clock whose times were not taken."""


def read_timestamp(item: Item, budget: IntakeBudget) -> tuple[str | None, str]:
    """Return the time in a timestamp.txt, read as nbgrader does, and a sentence ("" if there is nothing to say)."""
    try:
        text = read_all(item, budget, most_bytes=MAX_TIMESTAMP_BYTES).decode().strip()
        return parse_utc(text).replace(tzinfo=UTC).isoformat(timespec="seconds"), ""
    except Refused as reason:
        return None, say(item, reason)
    except (ValueError, OverflowError, TypeError):
        return None, say(
            item, "holds no time, so the time of the files was taken: write it as 2026-01-31 23:59:00 UTC."
        )


def find_newest_time(items: Iterable[Item]) -> str | None:
    """Return when the newest of these files came; of what a student packed, when the archive came."""
    times = [item.came_s for item in items if item.came_s is not None]
    try:
        return datetime.fromtimestamp(max(times), UTC).isoformat(timespec="seconds") if times else None
    except (ValueError, OverflowError, OSError):
        return None
