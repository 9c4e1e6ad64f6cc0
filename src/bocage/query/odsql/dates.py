"""Dates as ODSQL writes them, and the arithmetic of now()."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bocage.query.errors import InvalidParameter

_WRITTEN = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ](\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?)?)?"
    r"\s*(Z|z|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_WEEKDAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """IANA names. `localtime`, which some systems add, is that of the machine: the engine does not know it."""
    return frozenset(available_timezones() - {"localtime"})


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The time zone of this IANA name; raises InvalidParameter. The name is looked up, never used as a path."""
    if name not in zones():
        raise InvalidParameter(parameter="timezone", value=name[:100], expected="a time zone like Europe/Paris")
    return ZoneInfo(name)


@dataclass(frozen=True)
class Moment:
    """`start`: aware. `precision`: the last part given (year, month, day, hour…); the moment lasts that long."""

    start: datetime
    precision: str

    @property
    def end(self) -> datetime | None:
        """First instant after, in the same zone; None beyond the last day of the calendar."""
        try:
            if self.precision in ("year", "month"):
                return in_calendar(_plus_months(self.start, 12 if self.precision == "year" else 1))
            return in_calendar(self.start + timedelta(**{f"{self.precision}s": 1}))
        except (OverflowError, ValueError):
            return None


def in_calendar(moment: datetime) -> datetime:
    """`moment`, when it is in the years 1 to 9999 in UTC too. Raises OverflowError: the time zone pushes it out of them."""
    moment.astimezone(UTC)
    return moment


def read_moment(text: str, local: tzinfo) -> Moment | None:
    """`2024`, `2024-05`, `2024/05/01`, `20240501`, `2024-05-01T08:00`, with or without Z or offset; None if it is not one."""
    text = text.strip()
    if found := _COMPACT.fullmatch(text):
        parts, fraction, offset = [int(part) for part in found.groups()], None, None
    elif found := _WRITTEN.fullmatch(text):
        *written, fraction, offset = found.groups()
        parts = [int(part) for part in written if part is not None]
    else:
        return None
    values = dict(zip(_PARTS, parts, strict=False))
    if fraction:
        values["microsecond"] = int(fraction[:6].ljust(6, "0"))
    precision = _PARTS[len(values) - 1]
    try:
        start = datetime(**({"month": 1, "day": 1} | values), tzinfo=_offset(offset) or local)
        in_calendar(start).astimezone(local)
        return Moment(start, precision)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text in "Zz":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def shifted(moment: datetime, arguments: Mapping[str, int]) -> datetime:
    """`moment` changed as now() says: singular names set a part, plural ones add to it, in the order given.

    `weekday` (0 is Monday) goes to the next such day; `mondays=n` goes to the n-th Monday after (or before).
    Days past the end of a month clamp to it. Raises ValueError for an unknown name or an impossible date.
    """
    for name, value in arguments.items():
        moment = _shift(moment, name, value)
    return moment


def _shift(moment: datetime, name: str, value: int) -> datetime:
    if name == "weekday":
        return moment + timedelta(days=(_weekday(value) - moment.weekday()) % 7)
    if name in _WEEKDAYS:
        return _to_weekdays(moment, _WEEKDAYS.index(name), value)
    if name in _PARTS:
        return _set(moment, name, value)
    if name in ("years", "months"):
        return _plus_months(moment, 12 * value if name == "years" else value)
    if name in ("weeks", "days"):
        return moment + timedelta(**{name: value})  # the same hour on the wall
    if name in ("hours", "minutes", "seconds", "microseconds"):
        return (moment.astimezone(UTC) + timedelta(**{name: value})).astimezone(moment.tzinfo)
    raise ValueError(name)


def _weekday(value: int) -> int:
    if not 0 <= value <= 6:
        raise ValueError(value)
    return value


def _to_weekdays(moment: datetime, weekday: int, count: int) -> datetime:
    if count == 0:
        return moment
    ahead = (weekday - moment.weekday()) % 7
    if count > 0:
        return moment + timedelta(days=(ahead or 7) + 7 * (count - 1))
    return moment - timedelta(days=((7 - ahead) % 7 or 7) + 7 * (-count - 1))


def _set(moment: datetime, part: str, value: int) -> datetime:
    if part in ("year", "month"):
        year, month = (value, moment.month) if part == "year" else (moment.year, value)
        day = min(moment.day, calendar.monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day)
    if part == "day":
        value = min(value, calendar.monthrange(moment.year, moment.month)[1])
    return moment.replace(**{part: value})  # type: ignore[arg-type]


def _plus_months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
