"""Dates and times as ISO 8601 allows them, beyond what Python reads alone: weeks, ordinal days, midnight at 24:00, commas."""

from __future__ import annotations

import datetime as dt
import re

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:-?W(?P<week>[0-9]{2})(?:-?(?P<weekday>[0-9]))?"
    r"|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?(?![0-9])|(?P<bare_month>[0-9]{2})(?P<bare_day>[0-9]{2})(?![0-9])"
    r"|-?(?P<ordinal>[0-9]{3})(?![0-9]))?"
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{2})(?:(?P<colon>:?)(?P<minute>[0-9]{2})(?:(?P=colon)(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]+))?)?)?"
    r"(?P<zone>Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_LOOSE = (
    "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y",
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%H:%M", "%H:%M:%S",
)  # fmt: skip


def iso_datetime(text: str) -> dt.datetime:
    """A day, one character, a time of day. Raises ValueError."""
    day = _DAY.match(text)
    if day is None:
        raise ValueError(text)
    date = _date(day)
    rest = text[day.end() :]
    if not rest:
        return dt.datetime.combine(date, dt.time())
    clock = _CLOCK.fullmatch(rest[1:])
    if clock is None or rest[0].isdigit():
        raise ValueError(text)
    return _at(date, clock)


def _date(found: re.Match[str]) -> dt.date:
    year = int(found["year"])
    if found["week"]:
        return dt.date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
    if found["ordinal"]:
        day = dt.date(year, 1, 1) + dt.timedelta(days=int(found["ordinal"]) - 1)
        if day.year != year:
            raise ValueError(found[0])
        return day
    return dt.date(year, int(found["month"] or found["bare_month"] or 1), int(found["day"] or found["bare_day"] or 1))


def _at(date: dt.date, clock: re.Match[str]) -> dt.datetime:
    hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
    part = int((clock["part"] or "")[:6].ljust(6, "0"))
    midnight = hour == 24 and not (minute or second or part)
    moment = dt.time(0 if midnight else hour, minute, second, part, tzinfo=_zone(clock["zone"]))
    return dt.datetime.combine(date, moment) + dt.timedelta(days=1 if midnight else 0)


def _zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return dt.UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if text[0] == "-" else offset)


def loose_datetime(text: str) -> dt.datetime:
    """The format `any`: ISO 8601, or one of the usual ways of writing a date, the day first. Raises ValueError."""
    try:
        return iso_datetime(text.strip())
    except ValueError:
        pass
    for one in _LOOSE:
        try:
            return dt.datetime.strptime(text.strip(), one)  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(text)
