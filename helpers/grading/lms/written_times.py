"""Read times as systems write them for people, in ten languages; and put a local time into UTC."""

import re
from datetime import UTC, datetime, tzinfo
from functools import cache

from helpers.grading.lms.header_words import read_words

ENGLISH = "January February March April May June July August September October November December"
SHORTEST = 3  # letters of a month's name, as in "4 Sep 2026"
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d\d)(?::\d\d)?")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|下午|午後", re.I)
_MORNING = re.compile(r"\ba\.?\s?m\b|上午|午前", re.I)
_ASIAN = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})")  # 2026年 9月 4日
_WORD = re.compile(r"[^\W\d_]+")


def read_local(text: str) -> datetime | None:
    """Return a time such as "Friday, 4 September 2026, 10:36 PM", in its writer's zone; None if it is none."""
    try:
        return _read_local(text)
    except (ValueError, OverflowError, TypeError):
        return None


def put_in_utc(local: datetime | None, zone: tzinfo) -> str | None:
    """Return a local time in UTC, as records hold it. An hour that a clock shows twice counts as the earlier one."""
    try:
        moment = local.replace(tzinfo=zone).astimezone(UTC) if local else None
    except OverflowError:
        return None
    return moment.isoformat(timespec="seconds") if moment else None


def number_time(local: datetime | None) -> int:
    """Return a number that is greater for later times: 20260904223600, 0 for none."""
    return int(local.strftime("%Y%m%d%H%M%S")) if local else 0


def _read_local(text: str) -> datetime:
    clock = _CLOCK.search(text)
    if clock is None:
        raise ValueError(text)
    hour, day = int(clock[1]), text[: clock.start()] + text[clock.end() :]
    if _AFTERNOON.search(text) or _MORNING.search(text):
        hour = hour % 12 + (12 if _AFTERNOON.search(text) else 0)
    return datetime(*_read_day(day), hour, int(clock[2]))


def _read_day(text: str) -> tuple[int, int, int]:
    if asian := _ASIAN.search(text):
        return int(asian[1]), int(asian[2]), int(asian[3])
    months = [month for word in _WORD.findall(text.casefold()) if (month := _find_month(word))]
    years, days = re.findall(r"\b\d{4}\b", text), re.findall(r"\b\d{1,2}\b", text)
    if (len(months), len(years), len(days)) != (1, 1, 1):
        raise ValueError(text)
    return int(years[0]), months[0], int(days[0])


def _find_month(word: str) -> int:
    """Return a month's number by its name or the start of it, 0 for any other word, or one that could be two months."""
    found = {number for name, number in _list_months() if name == word} or {
        number for name, number in _list_months() if len(word) >= SHORTEST and name.startswith(word)
    }
    return next(iter(found)) if len(found) == 1 else 0


@cache
def _list_months() -> tuple[tuple[str, int], ...]:
    names = [ENGLISH, *(words["months"] for words in read_words().values())]
    return tuple((name, number) for line in names for number, name in enumerate(line.casefold().split(), 1))
